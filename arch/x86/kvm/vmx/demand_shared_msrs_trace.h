/* SPDX-License-Identifier: GPL-2.0-only */
#if !defined(_TRACE_KVM_DEMAND_SHARED_MSRS_H) || defined(TRACE_HEADER_MULTI_READ)
#define _TRACE_KVM_DEMAND_SHARED_MSRS_H

#include <linux/tracepoint.h>

#undef TRACE_SYSTEM
#define TRACE_SYSTEM kvm

/* A #UD while a gate is closed; @groups is what it loads. */
TRACE_EVENT(kvm_shared_msr_demand,
	    TP_PROTO(unsigned int vcpu_id, unsigned long rip, unsigned long groups),
	    TP_ARGS(vcpu_id, rip, groups),

	    TP_STRUCT__entry(__field(unsigned int, vcpu_id)
			     __field(unsigned long, rip)
			     __field(unsigned long, groups)),

	    TP_fast_assign(__entry->vcpu_id = vcpu_id;
			   __entry->rip = rip;
			   __entry->groups = groups;),

	    TP_printk("vcpu %u rip 0x%lx %s", __entry->vcpu_id, __entry->rip,
		      __print_symbolic(__entry->groups,
				       { 0, "genuine" },
				       { 1, "SYSCALL" },
				       { 2, "TSC_AUX" },
				       { 3, "SYSCALL TSC_AUX" }))
);

#endif /* _TRACE_KVM_DEMAND_SHARED_MSRS_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH vmx
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE demand_shared_msrs_trace

/* This part must be outside protection */
#include <trace/define_trace.h>
