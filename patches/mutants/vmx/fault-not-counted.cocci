// SPDX-License-Identifier: GPL-2.0-only
// KVM's statistics say that no gate had to be opened.
@@
expression vcpu;
@@
- ++vcpu->stat.shared_msr_faults;
