// SPDX-License-Identifier: GPL-2.0-only
// A gate is opened, and the values behind it are still not the guest's.
@@
statement S;
@@
 vmx_demand_open(...)
 {
 ...
-if (vmx->guest_state_loaded) S
 }
