# SPDX-License-Identifier: GPL-2.0-only
# From 6.14 on a vCPU has the features that its CPUID shows and that KVM supports in a bit map.
s/\<guest_cpuid_has\>/guest_cpu_cap_has/g
