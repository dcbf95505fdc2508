# SPDX-License-Identifier: GPL-2.0-only
/^The TDX module leaves values/,/^$/d
