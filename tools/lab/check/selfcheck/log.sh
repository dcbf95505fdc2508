# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154 # of the script that sources this
# A kernel log that is not clean is seen as such.

# log STATE LINE: what the PC's check of its kernel log says
log()
{
	state=clean
	! printf '[    1.000000] %s\n' "$2" | grep -qE -f "$top/tools/lab/machine/splats" || state=dirty
	same "$state" "$1" "kernel log: $2"
}
log dirty 'WARNING: CPU: 0 PID: 61 at arch/x86/kvm/shared_msrs.c:1 f+0x1/0x2 [kvm]'
log dirty 'BUG: sleeping function called from invalid context at mm/slab.h:1'
log dirty 'BUG: KASAN: use-after-free in f+0x1/0x2'
log dirty 'BUG: kernel NULL pointer dereference, address: 0000000000000000'
log dirty 'BUG: KFENCE: out-of-bounds read in f+0x1/0x2'
log dirty 'BUG: KCSAN: data-race in kvm_set_shared_msr [kvm] / drop_user_return_notifiers [kvm]'
log dirty 'BUG: KCSAN: data-race in vmx_prepare_switch_to_guest+0x1/0x2 [kvm_intel]'
log clean 'BUG: KCSAN: data-race in kvm_vcpu_kick [kvm] / vcpu_enter_guest [kvm]'
log dirty 'Oops: 0000 [#1] SMP'
log dirty 'general protection fault, maybe for address 0x0: 0000 [#1] SMP'
log dirty 'unchecked MSR access error: WRMSR to 0xc0000103 at rIP: 0xffffffff (f+0x1/0x2)'
log dirty 'Call Trace:'
log dirty 'WARNING: possible circular locking dependency detected'
log dirty 'rcu: INFO: rcu_sched self-detected stall on CPU'
log dirty 'UBSAN: shift-out-of-bounds in arch/x86/kvm/x86.c:1:2'
log clean 'Speculative Return Stack Overflow: WARNING: See the documentation'
log dirty 'WARNING: Something at arch/x86/kvm/x86.c:1'
log clean 'Linux version 5.10.262 (gcc) #1 SMP'
log clean 'MDS: Vulnerable: Clear CPU buffers attempted, no microcode'
log clean 'kvm: already loaded the other module'
