// SPDX-License-Identifier: GPL-2.0-only
// The guest's own #UD never reaches it.
@@
expression exits;
@@
-!groups && exits != vmx->demand.second_try
+!groups
