# SPDX-License-Identifier: GPL-2.0
# Reads the tests of kvm-unit-tests (upstream.sh calls it):
#
#   -v kut=FOLDER LINES FOLDER/x86/unittests.cfg
#
# LINES are those that tests.sh prints, NAME SECONDS COMMAND: NAME is a test or one of its groups.
# SECONDS count, and so does COMMAND if it is "SKIP why". Prints such a line for each test.

NR == FNR {
	seconds[$1] = $2
	if ($3 == "SKIP")
		skip[$1] = substr($0, index($0, $3))
	next
}

/^\[.*\]/ {
	test()
	name = substr($0, 2, index($0, "]") - 2)
	split("", value)
	next
}

match($0, /^[a-z_]+ *= */) {
	key = substr($0, 1, RLENGTH)
	sub(/ *= */, "", key)
	value[key] = substr($0, RLENGTH + 1)
}

END { test() }

function option(name, value) {
	return value ? " " name value : ""
}

function test(    words, n, i, time, command, path, line) {
	if (name == "")
		return
	time = 60
	path = kut "/x86/" value["file"]
	command = "./kut '" value["check"] "' /tests/x86/" value["file"] \
		option("-smp ", value["smp"] ? value["smp"] : 1) \
		option("-append ", value["test_args"]) \
		option("", value["qemu_params"]) option("", value["extra_params"])
	if (value["arch"] == "i386")
		command = "SKIP it is for i386"
	else if ((getline line <path) < 0)
		command = "SKIP " value["file"] " is not built"
	close(path)
	n = split(value["groups"] " " name, words, /[ ,]+/)
	for (i = 1; i <= n; i++) {
		if (words[i] in seconds)
			time = seconds[words[i]]
		if (words[i] in skip)
			command = skip[words[i]]
	}
	print name, time, command
}
