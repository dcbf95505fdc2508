// SPDX-License-Identifier: GPL-2.0-only
// Gates are opened, and what was behind them is not loaded before the next VM-entry.
@@
@@
 vmx_demand_open_gates(...)
 {
 ...
-vmx->shared_msrs.loaded = false;
 ...
 }
