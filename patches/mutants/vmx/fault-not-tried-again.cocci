// SPDX-License-Identifier: GPL-2.0-only
// An instruction that was rewritten before KVM has read it is not tried again.
@@
expression exits;
statement S;
@@
-if (!groups && exits != vmx->demand.second_try) S
