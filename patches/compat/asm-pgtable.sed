# SPDX-License-Identifier: GPL-2.0-only
# Up to 5.7, which may have FSGSBASE by a backport, the header is each architecture's own.
/^#include <linux\/pgtable\.h>$/d
/^#include <asm\/fsgsbase\.h>$/a\
#include <asm/pgtable.h>
