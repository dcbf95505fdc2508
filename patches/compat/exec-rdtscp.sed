# SPDX-License-Identifier: GPL-2.0-only
# Up to 5.9 some secondary controls have a shorter name.
s/\<SECONDARY_EXEC_ENABLE_RDTSCP\>/SECONDARY_EXEC_RDTSCP/g
