// SPDX-License-Identifier: GPL-2.0-only
// After a fault no gate is closed again.
@@
@@
-vmx->demand.close_at = 0;
