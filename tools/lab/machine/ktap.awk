# SPDX-License-Identifier: GPL-2.0
# Reads test results, in two ways (ktap.sh calls it):
#
#   -v mode=convert   what init wrote to the second serial port, framed by "lab: " lines; prints
#                     KTAP, flattened: a test point for each command, after those of its own output
#   -v mode=summary   KTAP files; prints what each holds, then all failures of several files, then
#                     the sum, and fails if one has a failure. Points of one test that are skipped
#                     for one reason share a line.
#
# Either way a result that is missing is a failure, and so is a skipped test that gives no reason.

BEGIN {
	if (mode == "summary")
		for (i = 1; i < ARGC; i++)
			if ((getline line < ARGV[i]) <= 0) {
				file = ARGV[i]
				point(1, "it is missing or empty", "")
				report()
				ARGV[i] = ""
			} else
				close(ARGV[i])
}

{ sub(/\r+$/, "") }

# ---- (K)TAP lines, at any depth: the names, how many were promised and how many came

function depth(line) {
	match(line, /^ */)
	return RLENGTH
}

# leave(D): blocks deeper than D are over; each must have held what its plan promised
function leave(d,    i) {
	for (i = deepest; i > d; i--) {
			if (i in plan && count[i] + 0 != plan[i])
				gap = (count[i] + 0) " of " plan[i] " results"
			delete plan[i]
			delete count[i]
		}
	if (deepest > d)
		deepest = d
}

function enter(d) {
	leave(d)
	if (d > deepest)
		deepest = d
}

# tap(LINE): takes a line of a test's output; a result goes to point() with PREFIX before its name
function tap(line, prefix,    d, what, bad, name, why) {
	d = depth(line)
	what = substr(line, d + 1)
	if (what ~ /^K?TAP version /) {
		leave(d - 1)
		enter(d)
	} else if (what ~ /^1\.\.[0-9]+/) {
		# a plan may come last
		leave(d in plan ? d - 1 : d)
		enter(d)
		sub(/^1\.\./, "", what)
		plan[d] = what + 0
		tapped = 1
		if (what ~ /# *SKIP/) {
			skipped_all = 1
			sub(/^.*# *SKIP[ :]*/, "", what)
			reason = what
		}
	} else if (what ~ /^(not )?ok [0-9]/) {
		enter(d)
		count[d]++
		tapped = 1
		bad = what ~ /^not /
		sub(/^(not )?ok */, "", what)
		sub(/^[0-9]+ */, "", what)
		sub(/^- */, "", what)
		name = what
		sub(/ *# *(SKIP|XFAIL|TODO|TIMEOUT|ERROR).*$/, "", name)
		if (what ~ /# *SKIP/) {
			why = what
			sub(/^.*# *SKIP[ :]*/, "", why)
			reason = why
			skip(prefix name, why == "" ? last : why)
		} else if (kunit_skip != "")
			skip(prefix name, kunit_skip)
		else
			point(bad, prefix name, "")
		kunit_skip = ""
	} else if (what ~ /^Bail out!/)
		gap = bailed = what
	else if (what ~ /^# [a-z0-9_]+: skipped: /) {
		# patches/compat/kunit-skip.cocci: a KUnit that cannot skip says so before it passes
		kunit_skip = what
		sub(/^# [a-z0-9_]+: skipped: /, "", kunit_skip)
	}
	else {
		if (what ~ /[^ \t#]/) {
			last = what
			sub(/^# */, "", last)
		}
		return 0
	}
	return 1
}

function skip(name, why) {
	if (why == "")
		point(1, name, "skipped without a reason")
	else
		point(0, name, "SKIP " why)
}

function point(bad, name, why) {
	if (name == "")
		name = "unnamed"
	if (mode == "summary") {
		if (bad)
			failures_of[failed++] = "not ok - " name (why ? " # " why : "")
		else if (why)
			group(name, why)
		else
			passed++
		return
	}
	points++
	failures += bad
	out = out (bad ? "not ok " : "ok ") points " - " name (why ? " # " why : "") "\n"
}

# ---- convert

mode == "convert" && /^lab: PC / {
	out = out "# CPUs, kernel and CPU of the PC: " substr($0, 9) "\n"
	next
}
mode == "convert" && /^lab: plan / { promised = $3; next }
mode == "convert" && /^lab: begin / {
	begin(substr($0, 12))
	next
}
mode == "convert" && /^lab: end / && command != "" {
	finish($3, $4)
	next
}
mode == "convert" && /^lab: done/ { complete = 1; next }
mode == "convert" && command != "" {
	if (!tap($0, command ": ") && $0 != "")
		out = out "# " $0 "\n"
	next
}

function begin(name) {
	if (command != "")
		finish("", "")
	command = name
	deepest = -1
	failures = skipped_all = 0
	gap = bailed = last = reason = ""
}

function finish(status, limit) {
	leave(-1)
	commands++
	if (status == "")
		point(1, command, "no end: the PC stopped in it")
	else if (status == "late")
		point(1, command, "no end within " limit " s")
	else if ((status == 4 || status == 0 && skipped_all) && !failures)
		skip(command, reason != "" ? reason : last)
	else if (bailed != "")
		point(1, command, bailed)
	else if (status > 128)
		point(1, command, "killed by signal " (status - 128))
	else if (status != 0)
		point(1, command, "exit status " status)
	else if (gap != "")
		point(1, command, gap)
	else
		point(failures > 0, command, failures ? failures " of its tests failed" : "")
	command = ""
}

# ---- summary

mode == "summary" && FNR == 1 {
	file_end()
	file = FILENAME
	deepest = -1
}
mode == "summary" { tap($0, "") }

function file_end() {
	if (file == "")
		return
	leave(-1)
	if (skipped_all)
		skip("all of it", reason)
	if (gap == "" && !tapped)
		gap = "no results"
	if (gap != "")
		point(1, "all of it is there", gap)
	report()
	tapped = skipped_all = 0
	gap = last = ""
}

# group(NAME, WHY): a skipped point, with those of the same test (its name ends at ": ") and reason
function group(name, why,    test, key) {
	skipped++
	test = name
	sub(/: .*/, "", test)
	key = test " # " why
	if (!(key in size))
		keys[++groups] = key
	size[key]++
	line_of[key] = (size[key] == 1 ? name : test ": " size[key] " points") " # " why
}

# report(): what the file holds
function report(    i) {
	sub(/^.*\//, "", file)
	printf "%s: %d passed, %d failed, %d skipped\n", file, passed, failed, skipped
	for (i = 1; i <= groups; i++)
		print "    ok - " line_of[keys[i]]
	for (i = 0; i < failed; i++) {
		print "    " failures_of[i]
		all_failures = all_failures "    " file ": " failures_of[i] "\n"
	}
	all_passed += passed
	all_failed += failed
	all_skipped += skipped
	passed = failed = skipped = groups = 0
	split("", size)
	file = ""
}

END {
	if (mode == "summary") {
		file_end()
		if (ARGC > 2 && all_failed)
			printf "failed:\n%s", all_failures
		printf "%d passed, %d failed, %d skipped\n", all_passed, all_failed, all_skipped
		exit all_failed || !all_passed
	}
	if (command != "")
		finish("", "")
	if (!complete || promised == "" || commands != promised)
		point(1, "results are complete", (commands + 0) " of " \
			(promised == "" ? "?" : promised) " commands ended")
	printf "KTAP version 1\n1..%d\n%s", points, out
}
