// SPDX-License-Identifier: GPL-2.0-only
// The name goes to the shared MSR core, whose header x86.c is about to include.
// Every kernel: 5.10 to 7.x.
@rename@
@@
- drop_user_return_notifiers
+ kvm_user_return_msr_cpu_offline
  (...)

// The definition: Coccinelle takes a function's own name for no call of it.
// Every kernel.
@rename_definition@
@@
- drop_user_return_notifiers(void)
+ kvm_user_return_msr_cpu_offline(void)
  { ... }
