# SPDX-License-Identifier: GPL-2.0-only
/^\t\/\* A nested guest without EFER\.SCE takes/,/^$/d
