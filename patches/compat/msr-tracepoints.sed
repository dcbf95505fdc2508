# SPDX-License-Identifier: GPL-2.0-only
# Up to 5.9 a trace event has no general test of whether anybody listens.
s/\<tracepoint_enabled(\([a-z_]*\))/msr_tracepoint_active(__tracepoint_\1)/
