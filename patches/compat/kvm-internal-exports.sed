# SPDX-License-Identifier: GPL-2.0-only
# From 6.18 on what only KVM's own modules use is exported to them alone.
s/\<EXPORT_SYMBOL_GPL\>/EXPORT_SYMBOL_FOR_KVM_INTERNAL/
# In a list of headers the other one has another place.
/^#include <linux\/export\.h>$/ {
	N
	s/^.*\n\(#include\)/\1/
	s/export\.h/kvm_types.h/
}
/^#include <linux\/\(lockdep\|percpu\)\.h>$/i\
#include <linux/kvm_types.h>
