# SPDX-License-Identifier: GPL-2.0
# The plot of bench.sh: gnuplot -e "data='FOLDER'; kernel='5.10'; unit='instructions'" bench.gp
#
# FOLDER has wrmsrs-by-event, wrmsrs-by-guest, ticks-by-event and ticks-by-guest: a
# first line with a column for each policy, then a line for each event or guest.

set terminal svg size 1400,900 background "white"
set multiplot layout 2,2 title "Shared MSRs of a guest on Linux ".kernel.", by policy"
set style data histograms
set style histogram clustered gap 1
set style fill solid
set yrange [0:*]
set offsets 0, 0, graph 0.05, 0
set grid ytics
set xtics scale 0 rotate by -15
set key top left

columns(file) = int(system("awk 'NR == 1 { print NF }' ".file))
part(what) = data."/".what
plot_part = "plot for [i=2:columns(file)] file using i:xticlabels(1) title columnheader(i)"

set ylabel "WRMSRs"
set title "for each event, a guest whose values all differ"
file = part("wrmsrs-by-event")
@plot_part
unset key
set title "for each user round trip, by what the guest does"
file = part("wrmsrs-by-guest")
@plot_part
set ylabel unit.", the stock kernel's being 1"
set title "for each event, a guest whose values all differ"
file = part("ticks-by-event")
@plot_part
set title "for each user round trip, by what the guest does"
file = part("ticks-by-guest")
@plot_part
