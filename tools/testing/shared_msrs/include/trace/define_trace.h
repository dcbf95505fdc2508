/* SPDX-License-Identifier: GPL-2.0-only */
/* Of a trace event nothing is left but the call; see TRACE_EVENT. */
