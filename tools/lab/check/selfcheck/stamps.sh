# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154 # of the script that sources this
# What a killed run has left is not taken for complete.

checkout
cached=$work/stamps/kvm-shared-msrs/v5.10
mkdir -p "$fake/build/series/v5.10"
cat >"$fake/build/series/v5.10/0001-KVM-new.patch" <<-'END'
	diff --git a/new b/new
	new file mode 100644
	--- /dev/null
	+++ b/new
	@@ -0,0 +1 @@
	+new
END
# shellcheck disable=SC2016 # it is the stub's
echo 'echo "$PWD/linux-$1"' | stub kernel/source.sh
echo : | stub series/series.sh

tree()
{
	XDG_CACHE_HOME=$work/stamps "$fake/tools/lab/series/tree.sh" 5.10 >"$work/out" 2>&1 &&
		(cd "$cached/tree" && find . -type f | sort | tr '\n' ' ')
}
whole="./Kbuild ./Makefile ./new "
same "$(tree)" "$whole" "stamps: a tree is made"
rm "$cached/tree/Kbuild"
same "$(tree)" "./Makefile ./new " "stamps: it is not made again"

# For another source the tree is removed, and here half of it only.
echo elsewhere >"$cached/tree.source"
mkdir -p "$work/bin"
cat >"$work/bin/rm" <<-'END'
	#!/bin/sh
	case "$*" in
	-rf*v5.10/tree\ *) /bin/rm "$2/Makefile"; kill -9 "$PPID"; exit 1 ;;
	esac
	exec /bin/rm "$@"
END
chmod +x "$work/bin/rm"
same "$(PATH=$work/bin:$PATH tree)" "" "stamps: a run is killed while it removes the tree"
same "$(tree)" "$whole" "stamps: the next one makes the tree anew"

# make_from itself
what()
{
	echo made >>"$work/made"
	[ ! -e "$work/stop" ] || exit 3
}
rm -f "$work/made"
make_from "$work/stamp" a what
make_from "$work/stamp" a what
same "$(wc -l <"$work/made")" 1 "stamps: the same inputs: made once"
touch "$work/stop"
status=0
(make_from "$work/stamp" b what) || status=$?
same "$status $(cat "$work/stamp" 2>/dev/null)" "3 " "stamps: the command fails, and no stamp is left"
rm "$work/stop"
make_from "$work/stamp" a what
same "$(wc -l <"$work/made")" 3 "stamps: what failed is made again, also from the inputs before"
