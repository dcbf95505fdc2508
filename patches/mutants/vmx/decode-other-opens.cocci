// SPDX-License-Identifier: GPL-2.0-only
// An opcode of one byte opens every gate.
@@
identifier insn;
@@
 if (insn[0] != 0x0f)
-	return 0;
+	return BIT(VMX_NR_DEMAND_GROUPS) - 1;
