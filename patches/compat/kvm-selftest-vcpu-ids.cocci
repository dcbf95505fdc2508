// SPDX-License-Identifier: GPL-2.0-only
//
// KVM selftests written for a library with struct kvm_vcpu (6.0 and later), for
// one that knows a vCPU by its VM and its number. To be run once, over the
// overlay's selftests (.c and .h), where include/kvm_util*.h of the target have
// no "struct kvm_vcpu". kvm-selftest-vcpu-ids*.h have it, and what our tests use
// and such a library lacks by name; the rules below are for calls that it has
// with other arguments or under other names.

// The last of these headers includes the others, kvm_util.h and processor.h, so
// one place is enough.
@vcpu_header@
@@
 #include "processor.h"
+#include "vm_vcpus.h"

// A VM and a number where later libraries take a vCPU.
@vcpu_argument@
identifier f = { _vcpu_set_msr, vcpu_run, vcpu_sregs_set, vcpu_set_msr, vcpu_run_complete_io,
		 vcpu_ioctl, vcpu_regs_get, vcpu_regs_set, vcpu_sregs_get, vcpu_fpu_get,
		 vcpu_fpu_set, vcpu_nested_state_get, vcpu_get_msr, vcpu_args_set,
		 vcpu_init_descriptor_tables, get_ucall };
expression vcpu;
@@
 f(
-  vcpu
+  vcpu->vm, vcpu->id
   , ...)

// The same, and the function has another name or one more argument.
@vcpu_argument_and_name@
expression vcpu, arg, cmd;
@@
(
- vcpu_nested_state_set(vcpu, arg)
+ vcpu_nested_state_set(vcpu->vm, vcpu->id, arg, false)
|
- __vcpu_ioctl(vcpu, cmd, arg)
+ _vcpu_ioctl(vcpu->vm, vcpu->id, cmd, arg)
)

// The vCPU does not keep its CPUID, and the function of this name takes one. The
// header's keeps it.
@vcpu_cpuid@
expression vcpu;
@@
- vcpu_set_cpuid(vcpu)
+ vcpu_set_own_cpuid(vcpu)

// The library does not know the header's vCPUs and cannot free them.
@free@
expression vm;
@@
(
- kvm_vm_free(vm)
+ vm_free_with_vcpus(vm)
|
- kvm_vm_release(vm)
+ vm_release_with_vcpus(vm)
)
