# SPDX-License-Identifier: GPL-2.0-only
# Without the patch that passes shared MSRs through: its tests, whose names end alike.
/^#define kvm_read_back_shared_msrs\>/d
/^static void what_.*_is_\(not_\)\{0,1\}read_back(struct kunit \*test)$/{
	:test
	N
	/\n}\n$/!b test
	d
}
/^	KUNIT_CASE(what_.*_is_\(not_\)\{0,1\}read_back),$/d
