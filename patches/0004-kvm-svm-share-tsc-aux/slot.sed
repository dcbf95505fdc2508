# SPDX-License-Identifier: GPL-2.0-only
# From 5.13 on the slot is there under another name. Not by Coccinelle, which misplaces the
# attribute in the declaration.
s/\<tsc_aux_uret_slot\>/tsc_aux_slot/g
# 6.12.
s/(which has been initialized in svm_enable_virtualization_cpu())/(which gets the current value in svm_prepare_switch_to_guest())/
