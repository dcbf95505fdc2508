// SPDX-License-Identifier: GPL-2.0-only
// UD2 opens a gate.
@@
identifier nr;
@@
 if (nr == 1)
	continue;
+if (insn[1] == 0x0b)
+	return BIT(VMX_DEMAND_SYSCALL);
