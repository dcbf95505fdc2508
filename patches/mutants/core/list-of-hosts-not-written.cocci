// SPDX-License-Identifier: GPL-2.0-only
// The host's values are listed and the list is not written.
@@
identifier slots, l;
@@
-WARN_ON_ONCE(kvm_write_msr_list(slots, l));
