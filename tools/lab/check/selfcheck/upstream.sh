# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154 # of the script that sources this
# What comes of KVM's own selftests with the patched and with the stock modules is judged rightly.

# came STATE: how a PC writes what came of a test, from state to line
came()
{
	case $1 in
	'') ;;
	passes) echo "ok 2 - upstream: t" ;;
	*) echo "ok 2 - upstream: t # SKIP $1" ;;
	esac
}

# upstream PATCHED STOCK AGAIN LINE STATUS: what becomes of a test that does this with the patched
# modules and that with the stock ones; AGAIN: it is to be run with these
upstream()
{
	came "$1" >"$work/patched"
	came "$2" >"$work/stock"
	again=$(awk -v mode=list -f "$top/tools/lab/check/compare.awk" "$work/patched")
	status=0
	judged=$(awk -v mode=judge -f "$top/tools/lab/check/compare.awk" "$work/stock" "$work/patched") || status=$?
	same "$again, $(say "$judged" | sed 's/ok 2 - upstream: /ok - /'), status $status" "$3, $4, status $5" \
		"upstream: $1 with the patched modules, $2 with the stock ones"
}
upstream passes '' '' 'ok - t' 0
upstream 'fails: a.c:1: b' passes t 'not ok - t # fails: a.c:1: b; with the stock modules: passes' 1
upstream 'skips: no b' passes t 'not ok - t # skips: no b; with the stock modules: passes' 1
upstream 'splats: Call Trace:' passes t 'not ok - t # splats: Call Trace:; with the stock modules: passes' 1
upstream 'splats: Call Trace:' fails t 'not ok - t # splats: Call Trace:; with the stock modules: fails' 1
upstream 'has no end' passes t 'not ok - t # has no end; with the stock modules: passes' 1
upstream fails '' t 'not ok - t # fails; with the stock modules: it did not run' 1
upstream 'fails: a.c:1: b' 'fails: c.c:1: d' t \
	'not ok - t # fails: a.c:1: b; with the stock modules: fails: c.c:1: d' 1
upstream 'fails: a.c:1: b' 'fails: a.c:2: b' t \
	'not ok - t # fails: a.c:1: b; with the stock modules: fails: a.c:2: b' 1
upstream 'fails: a # b' 'fails: a # b' t 'ok - t # SKIP fails with the stock modules, too: a # b' 0
upstream 'splats: WARNING: CPU: 0' 'splats: WARNING: CPU: 1' t \
	'ok - t # SKIP splats with the stock modules, too: WARNING: CPU: 0' 0
upstream 'has no end' 'has no end' t 'ok - t # SKIP has no end with the stock modules, too' 0
upstream 'skips: no b' 'skips: no b' t 'ok - t # SKIP skips with the stock modules, too: no b' 0
upstream 'not run: writes for minutes' '' '' 'ok - t # SKIP not run: writes for minutes' 0
echo "not ok 3 - upstream # 1 of 2 results" >"$work/patched"
status=0
awk -v mode=judge -f "$top/tools/lab/check/compare.awk" "$work/stock" "$work/patched" >"$work/out" || status=$?
same "$(cat "$work/out"), status $status" "not ok 3 - upstream # 1 of 2 results, status 1" \
	"upstream: the PC came to a sudden end"
