# SPDX-License-Identifier: GPL-2.0-only
/^The core's KUnit tests are the module/,/^$/d
