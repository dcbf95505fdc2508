# SPDX-License-Identifier: GPL-2.0-only
# may change nothing
# Up to 5.9. The names are those that 5.10 has, so that what follows fits both.
s/\<KVM_NR_SHARED_MSRS\>/KVM_MAX_NR_USER_RETURN_MSRS/g
s/\<kvm_\(define\|set\)_shared_msr\>/kvm_\1_user_return_msr/g
s/\<kvm_shared_msr\(s\|s_global\|_values\|_cpu_online\)\>/kvm_user_return_msr\1/g
s/\<shared_msrs\(_global\)\{0,1\}\>/user_return_msrs\1/g
s/\<shared_msr_update\>/kvm_user_return_msr_update/g
# KVM's Intel module
s/\<NR_SHARED_MSRS\>/MAX_NR_USER_RETURN_MSRS/g
s/\<struct shared_msr_entry\>/struct vmx_uret_msr/g
/^extern/!s/\<vmx_msr_index\>/vmx_uret_msrs_list/g
s/\<__find_msr_index\>/__vmx_find_uret_msr/g
s/\<find_msr_entry\>/vmx_find_uret_msr/g
s/\<vmx_set_guest_msr\>/vmx_set_guest_uret_msr/g
s/\<move_msr_up\>/vmx_setup_uret_msr/g
s/\<find_shared_msr\>/find_uret_msr/g
s/\<guest_msrs_ready\>/guest_uret_msrs_loaded/g
s/\<guest_msrs\>/guest_uret_msrs/g
s/\(\<vmx->\|^	int  *\)nmsrs\>/\1nr_uret_msrs/g
s/\(\<vmx->\|^	int  *\)save_nmsrs;/\1nr_active_uret_msrs;/
s/\<vmx->save_nmsrs\>/vmx->nr_active_uret_msrs/g
