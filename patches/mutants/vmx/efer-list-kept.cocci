// SPDX-License-Identifier: GPL-2.0-only
// EFER is not made the host's where the VMCS switches it by a list.
@@
statement S;
@@
-if (!switch_efer) S
