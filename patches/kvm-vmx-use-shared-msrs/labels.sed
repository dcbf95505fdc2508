# SPDX-License-Identifier: GPL-2.0-only
# may change nothing
# Coccinelle cannot rename a label and the jumps to it in one rule, and after a rule that changes
# one of them it no longer understands the function's control flow.
s/^	find_uret_msr:/find_shared_msr:/
s/goto find_uret_msr;/goto find_shared_msr;/
