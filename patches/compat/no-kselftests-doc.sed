# SPDX-License-Identifier: GPL-2.0-only
/^\(kselftest在 \)\{0,1\}``tools\/testing\/selftests\/kvm\/``/,/^\(The core's KUnit tests\|核心代码的KUnit测试\)/{
	/^\(The core's\|核心代码\)/!d
}
