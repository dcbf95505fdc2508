// SPDX-License-Identifier: GPL-2.0-only
// 7.3, where the definition is in msrs.c; before that it was static in x86.c.
@rename_declaration@
@@
- void drop_user_return_notifiers(void);
+ void kvm_user_return_msr_cpu_offline(void);
