/* SPDX-License-Identifier: GPL-2.0-only */
#if !defined(_TRACE_KVM_PASSTHROUGH_SHARED_MSRS_H) || defined(TRACE_HEADER_MULTI_READ)
#define _TRACE_KVM_PASSTHROUGH_SHARED_MSRS_H

#include <linux/tracepoint.h>

#undef TRACE_SYSTEM
#define TRACE_SYSTEM kvm

/* From now on the guest reads and writes the MSRs of @slots without VM-exits. */
TRACE_EVENT(kvm_shared_msr_passthrough,
	    TP_PROTO(unsigned int vcpu_id, unsigned long slots),
	    TP_ARGS(vcpu_id, slots),

	    TP_STRUCT__entry(__field(unsigned int, vcpu_id)
			     __field(unsigned long, slots)),

	    TP_fast_assign(__entry->vcpu_id = vcpu_id;
			   __entry->slots = slots;),

	    TP_printk("vcpu %u slots 0x%lx", __entry->vcpu_id, __entry->slots)
);

#endif /* _TRACE_KVM_PASSTHROUGH_SHARED_MSRS_H */

#undef TRACE_INCLUDE_PATH
#define TRACE_INCLUDE_PATH vmx
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_FILE passthrough_shared_msrs_trace

/* This part must be outside protection */
#include <trace/define_trace.h>
