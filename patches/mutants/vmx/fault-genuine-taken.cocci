// SPDX-License-Identifier: GPL-2.0-only
// A #UD that no gate has to do with is taken for one's.
@@
expression E;
statement S;
@@
-if (!(E & vmx->shared_msrs.active)) S
