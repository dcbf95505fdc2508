// SPDX-License-Identifier: GPL-2.0-only
// What WRMSRNS and WRMSRLIST do not write is given up: CPUID may lie.
@@
identifier refused;
expression E, bit;
@@
 kvm_write_msr_list(...)
 {
 <...
-if (wrmsrl_safe(E, ...))
	refused |= bit;
 ...>
 }
