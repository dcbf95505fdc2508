// SPDX-License-Identifier: GPL-2.0-only
// The name goes to the shared MSR core, whose header x86.c is about to include.
// Every kernel.
@rename@
@@
- drop_user_return_notifiers
+ kvm_user_return_msr_cpu_offline
  (...)
