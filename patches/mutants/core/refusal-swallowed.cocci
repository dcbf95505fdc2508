// SPDX-License-Identifier: GPL-2.0-only
// A value that the MSR refuses is reported as loaded.
@@
expression bit;
@@
-__set_bit(bit, &refused);
