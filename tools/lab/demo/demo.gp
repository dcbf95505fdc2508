# SPDX-License-Identifier: GPL-2.0
# The picture of demo.sh: gnuplot -e "data='FILE'; kernel='5.10'" demo.gp
#
# FILE has a first line with a name for each column, then a line for each event.

set terminal svg size 760,300 background "white"
set title "WRMSRs of shared MSRs on Linux ".kernel
set style data histograms
set style histogram clustered gap 1
set style fill solid
set yrange [0:*]
set offsets 0, 0, graph 0.1, 0
set grid ytics
set xtics scale 0
set xrange [-0.5:2.5]
set key top left
plot for [i=2:3] data using i:xticlabels(1) title columnheader(i), \
	for [i=2:3] data skip 1 using ($0 + (i - 2.5) / 3):i:i with labels offset 0,0.6 notitle
