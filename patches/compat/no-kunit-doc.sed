# SPDX-License-Identifier: GPL-2.0-only
/^\(The core's KUnit tests are the module\|核心代码的KUnit测试是模块\)/,/^$/d
