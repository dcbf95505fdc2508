# SPDX-License-Identifier: GPL-2.0-only
# From 6.16 on the accessors are named for the size that they have.
s/\<\(rd\|wr\)msrl\(_safe\)\{0,1\}\>/\1msrq\2/g
