# SPDX-License-Identifier: GPL-2.0-only
/^\(The TDX module leaves values\|TDX模块会在共享MSR里\)/,/^$/d
