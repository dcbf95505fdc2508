# SPDX-License-Identifier: GPL-2.0-only
# From 6.15 on VMX and TDX have this in common, in struct vcpu_vt.
s/\<vmx->guest_state_loaded\>/vmx->vt.guest_state_loaded/g
