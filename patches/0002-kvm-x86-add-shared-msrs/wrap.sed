# Coccinelle puts the two conditions on one line, which gets too long.
s/^\(	*\)\(if (\| *(\)\(!kvm_is_supported_user_return_msr(.*) &&\) /\1\2\3\n\1    /
