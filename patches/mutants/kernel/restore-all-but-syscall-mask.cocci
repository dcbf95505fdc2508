// SPDX-License-Identifier: GPL-2.0-only
// The host's SYSCALL_MASK is not restored: system calls begin with the flags of user mode.
@@
identifier slot, value;
@@
+if (shared_msrs_global.msrs[slot] != MSR_SYSCALL_MASK)
 wrmsrl(shared_msrs_global.msrs[slot], value->host);
