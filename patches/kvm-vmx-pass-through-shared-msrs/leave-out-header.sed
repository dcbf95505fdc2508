# SPDX-License-Identifier: GPL-2.0-only
/^ \* @passthrough: bit mask of the slots/,/^ \*               while they are loaded/d
