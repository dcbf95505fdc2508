// SPDX-License-Identifier: GPL-2.0-only
// Values that are loaded already are listed, too.
@@
expression value, values;
@@
-if (value != values->curr)
	listed |= ...;
