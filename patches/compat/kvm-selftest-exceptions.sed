# SPDX-License-Identifier: GPL-2.0-only
# Up to 5.9 the library has no exception handlers.
/^#include "processor\.h"$/a\
#include "vm_exceptions.h"
