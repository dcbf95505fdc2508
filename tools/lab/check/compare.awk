# SPDX-License-Identifier: GPL-2.0
# Reads what KVM's own selftests, or kvm-unit-tests, did in PCs with the patched modules and with
# the stock ones (upstream.sh calls it):
#
#   -v mode=list PATCHED         prints the tests that the stock modules have to run, too
#   -v mode=judge STOCK PATCHED  prints the KTAP of the comparison
#
# A test that does not pass with the patched modules is skipped if the same comes of it with the
# stock ones, for the same reason. Otherwise it has failed. All other results are those of the PC
# with the patched modules.

# result(LINE): if this is what came of one of the tests, sets name, test, came and why
function result(line) {
	if (!match(line, /^ok [0-9]+ - [a-z]+: /))
		return 0
	name = substr(line, 4)
	test = substr(line, RLENGTH + 1)
	sub(/ # .*/, "", name)
	sub(/ # .*/, "", test)
	came = "passes"
	why = ""
	if (sub(/^[^#]* # SKIP /, "", line)) {
		came = line
		sub(/: .*/, "", came)
		why = substr(line, length(came) + 1)
	}
	return 1
}

# alike(A, B): the same, wherever it happened; a test that fails in another line is not
function alike(a, b) {
	gsub(/(CPU|PID): [0-9]+/, "", a)
	gsub(/(CPU|PID): [0-9]+/, "", b)
	return a == b
}

mode == "list" {
	if (result($0) && came != "passes" && came != "not run")
		print test
	next
}

FILENAME == ARGV[1] {
	if (result($0))
		stock[test] = came why
	next
}

!result($0) || came == "passes" || came == "not run" {
	if (/^not ok/)
		failed = 1
	print
	next
}

{
	if (alike(stock[test], came why)) {
		print "ok " name " # SKIP " came " with the stock modules, too" why
	} else {
		failed = 1
		print "not ok " name " # " came why "; with the stock modules: " \
			(stock[test] ? stock[test] : "it did not run")
	}
}

END { exit failed }
