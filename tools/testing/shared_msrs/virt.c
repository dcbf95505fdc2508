// SPDX-License-Identifier: GPL-2.0-only
#include <string.h>

#include "virt.h"

void virt_enable(bool enable)
{
	struct sim_cpu *c = &sim.cpu[now.cpu];
	bool loading = now.loading;

	now.loading = false;
	if (enable) {
		kvm_shared_msr_cpu_online();
		c->enabled = true;
		c->sampled = true;
	} else {
		kvm_shared_msr_cpu_offline();
		c->enabled = false;
		memcpy(c->want, c->host, sizeof(c->want));
	}
	now.loading = loading;
}
