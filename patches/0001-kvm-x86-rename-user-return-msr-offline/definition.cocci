// SPDX-License-Identifier: GPL-2.0-only
// Coccinelle takes a function's own name for no call of it. Every kernel.
@rename_definition@
@@
- drop_user_return_notifiers(void)
+ kvm_user_return_msr_cpu_offline(void)
  { ... }
