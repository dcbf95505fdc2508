// SPDX-License-Identifier: GPL-2.0-only
// After a fault no gate is closed again.
@@
@@
-vmx_demand_reconsider(vmx);
