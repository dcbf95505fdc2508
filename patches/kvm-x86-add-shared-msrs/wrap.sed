# SPDX-License-Identifier: GPL-2.0-only
# may change nothing
# Coccinelle puts the two conditions on one line, which gets too long.
s/^\(	*\)if (\(!kvm_is_supported_user_return_msr(.*) &&\) /\1if (\2\n\1    /
s/^\(	* *\)(\(!kvm_is_supported_user_return_msr(.*) &&\) /\1(\2\n\1 /
