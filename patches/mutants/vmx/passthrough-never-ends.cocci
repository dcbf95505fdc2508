// SPDX-License-Identifier: GPL-2.0-only
// A guest that writes no more keeps its groups.
@@
statement S;
@@
 vmx_passthrough_switch_out(...)
 {
 <...
-if (++vmx->passthrough.switch_outs == VMX_PASSTHROUGH_SWITCH_OUTS) S
 ...>
 }
