// SPDX-License-Identifier: GPL-2.0-only
// A slot that holds the host's value again still counts as the VM's own: what the host's is, is
// compared.
@@
identifier smsrs, slots;
@@
-smsrs->foreign |= slots;
