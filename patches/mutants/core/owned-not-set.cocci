// SPDX-License-Identifier: GPL-2.0-only
// No slot ever counts as loaded for a VM.
@@
identifier smsrs;
expression bit;
@@
-smsrs->foreign &= ~bit;
