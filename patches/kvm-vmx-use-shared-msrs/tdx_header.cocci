// SPDX-License-Identifier: GPL-2.0-only
// Nothing needs to know any more whether the TDX module has run. Up to 6.18.
// may match
@drop_entered@
@@
 struct vcpu_tdx {
 ...
-bool guest_entered;
 ...
 };
