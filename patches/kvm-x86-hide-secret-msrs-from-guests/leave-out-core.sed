# SPDX-License-Identifier: GPL-2.0-only
/^ \* @secret: /d
/^ \* @owner: /d
/^ \* @foreign: /d
s/^ \* @dirty: .*/ * @dirty: bit mask of the slots whose current value is not the host's/
/^ \*         host's or, if they are secret, was not loaded as the host's$/d
/^ \* A secret value is written unless/,/^ \*$/d
s/^\( \* set then, unless it refuses a value\.\) Instead of a secret one it holds 0 then\.$/\1/
/The guest must not run with somebody else.s secrets instead of its own\./d
s/^\(\t*\)if (value != values->curr && kvm_write/\1if (value != values->curr \&\&\n\1    kvm_write/
