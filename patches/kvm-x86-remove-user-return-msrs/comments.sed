# SPDX-License-Identifier: GPL-2.0-only
# 7.3: on whatever CPU, whether by an IPI or not.
s/for reboot, i\.e\. when disabling via IPI function call, and instead$/for reboot, whichever way it is done, and instead/
s/modifying user-return MSR state/modifying shared MSR state/
