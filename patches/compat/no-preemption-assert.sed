# SPDX-License-Identifier: GPL-2.0-only
# Older kernels cannot assert this without a cost.
/^	lockdep_assert_preemption_disabled();$/d
