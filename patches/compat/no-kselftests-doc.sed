# SPDX-License-Identifier: GPL-2.0-only
/^``tools\/testing\/selftests\/kvm\/``, in its folder/,/^The core's KUnit tests/{
	/^The core's/!d
}
