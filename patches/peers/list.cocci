// SPDX-License-Identifier: GPL-2.0-only
// The lists are made when a value has changed or the vCPU has come to another CPU.
@@
statement S;
@@
-if (!kvm_shared_msrs_loaded(...)) S

@@
identifier state;
@@
+if (vmx->shared_msrs.set.cpu < 0)
+	vmx_list_shared_msrs(vmx);
 if (state->guest_state_loaded)
	return;

@@
expression vmx, number;
@@
 vmx->loaded_vmcs->cpu = number;
+kvm_shared_msrs_changed(&vmx->shared_msrs.set);

@@
@@
 vmx_set_guest_shared_msr(...)
 {
 ...
-unsigned int slot = msr - vmx->shared_msrs.set.msrs;
 ...
-if (vmx->shared_msrs.active & BIT(slot)) { ... }
 ...
 }

@@
@@
-if (vmx->guest_state_loaded)
-	vmx_demand_load_shared_msrs(vmx);

// The trace event shows what the CPU has written by itself.
@@
expression list args;
@@
 vmx_vcpu_enter_exit(args);
+if (tracepoint_enabled(write_msr))
+	vmx_trace_msr_lists(vmx);

@@
@@
+static void vmx_list_shared_msrs(struct vcpu_vmx *vmx)
+{
+	static const u32 indexes[] = {
+		MSR_STAR, MSR_LSTAR, MSR_SYSCALL_MASK, MSR_TSC_AUX,
+		MSR_IA32_TSX_CTRL,
+	};
+	int i;
+
+	for (i = 0; i < ARRAY_SIZE(indexes); i++) {
+		struct kvm_shared_msr *msr =
+			vmx_find_shared_msr(vmx, indexes[i]);
+		u64 guest, host;
+
+		if (!msr)
+			continue;
+		host = __rdmsr(indexes[i]);
+		guest = (msr->data & msr->mask) | (host & ~msr->mask);
+		if (guest != host && (vmx->shared_msrs.active &
+				      BIT(msr - vmx->shared_msrs.set.msrs)))
+			add_atomic_switch_msr(vmx, indexes[i], guest, host,
+					      false);
+		else
+			clear_atomic_switch_msr(vmx, indexes[i]);
+	}
+	/* Until a value changes or the vCPU comes to another CPU. */
+	vmx->shared_msrs.set.cpu = 0;
+}
+
+static void vmx_trace_msr_lists(struct vcpu_vmx *vmx)
+{
+	struct msr_autoload *lists = &vmx->msr_autoload;
+	int i;
+
+	for (i = 0; i < lists->guest.nr; i++)
+		do_trace_write_msr(lists->guest.val[i].index,
+				   lists->guest.val[i].value, 0);
+	for (i = 0; i < lists->host.nr; i++)
+		do_trace_write_msr(lists->host.val[i].index,
+				   lists->host.val[i].value, 0);
+}
+
 void vmx_prepare_switch_to_guest(...)
 {
 ...
 }

// 7.3 has no list that is for VM-entry alone.
@only_for_entry@
expression list[2] args;
@@
 add_atomic_switch_msr(vmx, MSR_EFER, args, false)

@depends on !only_for_entry@
expression list[4] args;
@@
 add_atomic_switch_msr(args
-		       , false
		       )
