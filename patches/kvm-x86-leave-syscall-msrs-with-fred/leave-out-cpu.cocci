// SPDX-License-Identifier: GPL-2.0-only
@functions@
identifier f = { cpu_runs_fred, kvm_user_mode_uses };
type T;
parameter list ps;
@@
-T f(ps) { ... }

@bit@
@@
-#define CR4_FRED 32

@includes@
@@
-#include <linux/bits.h>

@include_asm@
@@
-#include <asm/special_insns.h>
