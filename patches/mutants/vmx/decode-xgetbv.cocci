// SPDX-License-Identifier: GPL-2.0-only
// Each opcode that begins like RDTSCP opens its gate.
@@
identifier insn;
@@
-insn[2] == 0xf9
+insn[2]
