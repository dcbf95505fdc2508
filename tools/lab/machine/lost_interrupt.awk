# SPDX-License-Identifier: GPL-2.0
# Has a CPU of QEMU lost an interrupt? Exit status 0 if so. Reads what QEMU's monitor says to
# "info registers -a" and "info lapic N".
#
# A CPU must take an interrupt that its local APIC has to deliver, if none is in service, and if
# either interrupts are enabled or a guest of KVM runs, which cannot keep its host from taking it.
# What runs outside of Linux' own addresses with interrupts disabled is such a guest. If the CPU
# does not take it, QEMU has lost it: its #VMEXIT changes pending interrupts without a lock.

{ gsub("\r", "") }
/^CPU#/ { cpu = substr($1, 5) + 0 }
match($0, /RIP=[0-9a-f]+/) { in_linux = substr($0, RSTART + 4, 4) == "ffff" }
# bit 9 of RFLAGS, IF
match($0, /RFL=[0-9a-f]+/) {
	takes[cpu] = !in_linux || substr($0, RSTART + 9, 1) ~ /[2367abef]/
}
/local APIC state for CPU/ { cpu = $NF + 0 }
$1 == "ISR" { idle = $2 == "(none)" }
$1 == "IRR" && $2 != "(none)" && idle && takes[cpu] { lost = 1 }
END { exit !lost }
