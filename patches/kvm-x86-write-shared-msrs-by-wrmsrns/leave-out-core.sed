# SPDX-License-Identifier: GPL-2.0-only
s/^\( \* nothing changes\.\) @wrmsrns is a constant: .*/\1/
/A hypervisor may show WRMSRNS in CPUID and then refuse it\./d
