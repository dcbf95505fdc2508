/* SPDX-License-Identifier: GPL-2.0-only */
/* A parameter of KVM's Intel module, for KVM selftest libraries that read none (up to 6.0). */
#ifndef SELFTEST_KVM_PARAM_BOOL_H
#define SELFTEST_KVM_PARAM_BOOL_H

#include <errno.h>

#include "kvm_util.h"

static inline bool get_kvm_intel_param_bool(const char *param)
{
	char path[128], value;
	int fd, r;

	snprintf(path, sizeof(path), "/sys/module/kvm_intel/parameters/%s",
		 param);
	fd = open(path, O_RDONLY);
	TEST_ASSERT(fd >= 0, "cannot open %s, errno: %i", path, errno);
	r = read(fd, &value, 1);
	close(fd);
	TEST_ASSERT(r == 1, "cannot read %s, errno: %i", path, errno);
	return value == 'Y' || value == '1';
}

#endif /* SELFTEST_KVM_PARAM_BOOL_H */
