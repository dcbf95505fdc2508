# SPDX-License-Identifier: GPL-2.0-only
s/^\(\/\* What CPUs do with the shared MSRs\), and WRMSRNS\. /\1. /
