# SPDX-License-Identifier: GPL-2.0-only
/^ \* @slots: bit mask of the slots to load: all that are active, except for those$/s/: all.*//
/^ \*         that this CPU holds anyway or that the guest cannot reach$/d
