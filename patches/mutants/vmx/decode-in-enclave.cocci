// SPDX-License-Identifier: GPL-2.0-only
// What RIP points to is taken for the instruction of an enclave.
@@
statement S;
@@
-if (vmcs_read32(VM_EXIT_REASON) & VMX_EXIT_FROM_ENCLAVE) S
