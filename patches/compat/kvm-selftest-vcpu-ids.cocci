// SPDX-License-Identifier: GPL-2.0-only
//
// KVM selftests written for a library with struct kvm_vcpu (6.0 and later), for
// the library of 5.10, which knows a vCPU by its VM and its number. To be run
// once, over the overlay's selftests (.c and .h), where include/kvm_util*.h of
// the target have no "struct kvm_vcpu". kvm-selftest-vcpu-ids.h, copied to
// include/x86_64/vcpu_ids.h there, has struct kvm_vcpu and what 5.10's library
// lacks by name; the rules below are for calls that 5.10 has with other
// arguments or under other names.

// 5.10: struct kvm_vcpu and the missing functions come from this header. It
// includes kvm_util.h and processor.h, so one place is enough.
@vcpu_header@
@@
 #include "processor.h"
+#include "vcpu_ids.h"

// 5.10: a VM and a number where later libraries take a vCPU.
@vcpu_argument@
identifier f = { _vcpu_run, _vcpu_sregs_set, _vcpu_set_msr, vcpu_run, vcpu_sregs_set,
		 vcpu_set_msr, vcpu_run_complete_io, vcpu_ioctl, vcpu_regs_get, vcpu_regs_set,
		 vcpu_sregs_get, vcpu_fpu_get, vcpu_fpu_set, vcpu_events_get, vcpu_events_set,
		 vcpu_nested_state_get, vcpu_get_msr, vcpu_args_set, vcpu_get_reg_list,
		 vcpu_init_descriptor_tables, vcpu_save_state, vcpu_load_state, get_ucall };
expression vcpu;
@@
 f(
-  vcpu
+  vcpu->vm, vcpu->id
   , ...)

// 5.10: the same, and the function has another name.
@vcpu_argument_and_name@
expression vcpu, arg, cmd;
@@
(
- vcpu_mp_state_set(vcpu, arg)
+ vcpu_set_mp_state(vcpu->vm, vcpu->id, arg)
|
- vcpu_guest_debug_set(vcpu, arg)
+ vcpu_set_guest_debug(vcpu->vm, vcpu->id, arg)
|
- vcpu_nested_state_set(vcpu, arg)
+ vcpu_nested_state_set(vcpu->vm, vcpu->id, arg, false)
|
- __vcpu_nested_state_set(vcpu, arg)
+ vcpu_nested_state_set(vcpu->vm, vcpu->id, arg, true)
|
- __vcpu_ioctl(vcpu, cmd, arg)
+ _vcpu_ioctl(vcpu->vm, vcpu->id, cmd, arg)
)

// 5.10: the vCPU does not keep its CPUID, and the function of this name takes
// one. The header's keeps it.
@vcpu_cpuid@
expression vcpu;
@@
- vcpu_set_cpuid(vcpu)
+ vcpu_set_own_cpuid(vcpu)

// 5.10: vm_vcpu_add() adds a vCPU without stack and entry point and returns
// nothing, and vm_create() takes the mode and the number of pages.
@create@
expression vm, id, code, nr;
@@
(
- vm_vcpu_add(vm, id, code)
+ vm_vcpu_add_guest(vm, id, code)
|
- vm_create(nr)
+ vm_create_for_vcpus(nr)
|
- kvm_vm_restart(vm)
+ kvm_vm_restart(vm, O_RDWR)
)

// 5.10: the library does not know the header's vCPUs and cannot free them.
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

// 5.10: capabilities are enabled with a struct.
@enable_cap@
expression E, cap, arg;
@@
(
- vm_enable_cap(E, cap, arg)
+ vm_enable_cap_arg(E, cap, arg)
|
- vcpu_enable_cap(E, cap, arg)
+ vcpu_enable_cap_arg(E, cap, arg)
)
