# SPDX-License-Identifier: GPL-2.0-only
/^ \* @secret: /d
/^ \* @owner: /d
/^ \* @owned: /d
s/^ \* @dirty: .*/ * @dirty: bit mask of the slots whose current value is not the host's/
/^ \*         host's or, if they are secret, was not loaded as the host's$/d
/^ \* A secret value is written unless/,/^ \*$/d
s/^ \* Return: true if the slots hold the same values, the secret ones by this VM\.$/ * Return: true if the slots hold the same values./
s/^\(\t*\)if (value != values->curr && kvm_write/\1if (value != values->curr \&\&\n\1    kvm_write/
