# SPDX-License-Identifier: GPL-2.0-only
/^ \* @owner: the number of the vCPU's VM, or 0 if not even/d
/^ \*         compared$/d
