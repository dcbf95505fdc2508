# SPDX-License-Identifier: GPL-2.0-only
# may change nothing
# 7.3: the old reason to leave the notifiers is none of the core's, which disables interrupts.
/^	 \* Leave the user-return notifiers as-is /,/ in the normal flows\.$/c\
	 * At a reboot TDX may keep VMX enabled, and guests go on, on whatever\
	 * CPU. So leave their values to the user-return notifiers, and pin\
	 * kvm.ko, which the notifiers are in.
