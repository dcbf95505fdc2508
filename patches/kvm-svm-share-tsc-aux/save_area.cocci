// SPDX-License-Identifier: GPL-2.0-only
// AMD APM volume 2, "VMSA Layout for SEV-ES": TSC_AUX is what follows PKRU. 6.1.
// may match
@tsc_aux@
@@
 struct sev_es_save_area {
 ...
 u32 pkru;
-u8 reserved_8[20];
+u32 tsc_aux;
+u8 reserved_8[16];
 ...
 };
