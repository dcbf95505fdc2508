// SPDX-License-Identifier: GPL-2.0-only
@functions@
identifier f = { cpu_has_wrmsrns, wrmsrns_safe };
type T;
parameter list ps;
@@
-T f(ps) { ... }

@includes@
@@
-#include <linux/errno.h>

@include_asm@
@@
-#include <asm/asm.h>

@include_feature@
@@
-#include <linux/cpufeature.h>
