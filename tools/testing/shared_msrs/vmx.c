// SPDX-License-Identifier: GPL-2.0-only
/* The VMX part as it is; the Makefile says in which folder it lies. */

#include "include/kvm.h"
#include "watch.h"

/* As the kernel is built. */
#pragma GCC diagnostic ignored "-Wsign-compare"
#include "vmx/shared_msrs.c"
#include "vmx/demand_shared_msrs.c"
#include "vmx/passthrough_shared_msrs.c"

#include <string.h>

/* As after the module was loaded with these parameters. */
void vmx_start(bool demand, bool passthrough)
{
	demand_shared_msrs = demand;
	passthrough_shared_msrs = passthrough;
	memset(vmx_demand_slots, 0, sizeof(vmx_demand_slots));
	vmx_define_shared_msrs();
	vmx_demand_define_groups();
}
