# SPDX-License-Identifier: GPL-2.0-only
# Up to 5.4 guests have no TSX_CTRL, so nothing checks what they write there.
s/, MSR_IA32_TSX_CTRL,$/,/
