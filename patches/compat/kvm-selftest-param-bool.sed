# SPDX-License-Identifier: GPL-2.0-only
# Up to 6.0 the library reads no parameter of KVM's modules.
/^#include "processor\.h"$/a\
#include "param_bool.h"
