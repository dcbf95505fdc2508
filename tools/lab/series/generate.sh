#!/bin/sh
# SPDX-License-Identifier: GPL-2.0
# generate.sh TREE OUT: makes the patch series for the kernel tree TREE in the folder OUT.
# TREE is only read. Either the whole series is there in the end, or OUT is as it was.
#
# patches/cover-letter is the text of 0000-cover-letter.patch, its first line the subject.
# patches/series lists the patches, each a folder with
#   message   the commit message; a paragraph below "? PATH has TEXT" or "? PATH lacks TEXT" is
#             there only if that holds for this file of the kernel, as in cover-letter
#   files     a line a file: PATH HOW
#             PATH  in the kernel tree; of alternatives {a,b} the first that exists, or whose
#                   folder does
#             HOW   "overlay": the file of this repository; the scripts that are named next take
#                   out what this patch brings, which every patch before it does; "compat": the
#                   file of patches/compat that is named next, where the script of that name, up
#                   to the first dot, was applied to the patch's overlay files before; else a
#                   semantic patch (*.cocci) or, for what Coccinelle does not read, a sed script,
#                   in the same folder
# A rule of a semantic patch must match, unless the line above it says "// may match" or "// one of
# RULE, RULE must match". A sed script must change the file, unless it says "# may change nothing".
# A kernel may lack a file in which nothing must match or change. A patch that has nothing to do for
# a kernel is left out.

. "$(dirname "$0")/../lib.sh"

[ $# -eq 2 ] || die "usage: generate.sh TREE OUT"
tree=$1
out=$2

need git git
need spatch coccinelle
# spatch asks python3 several things each time. What pyenv has in its place takes seconds for them.
if python=$(python3 -c 'import sys; print(sys.executable)' 2>/dev/null) &&
	[ "$python" != "$(command -v python3)" ]; then
	PATH=${python%/*}:$PATH
fi

version=$(kernel_version "$tree")
[ "$version" ] || die "$tree is not a kernel source tree: its Makefile has no VERSION"
kernel="Linux $version"
other=$(find "$out" ! -path "$out" ! -name '[0-9]*-*.patch' 2>/dev/null | head -n 1)
[ -z "$other" ] || die "$other would be removed: name a folder that has nothing but a series in it"
if { [ -e "$out" ] && [ ! -d "$out" ]; } || ! mkdir -p "$(dirname "$out")"; then
	die "$out cannot be a folder: name another one"
fi

work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
repo=$work/repo

# alternatives ROOT PATH: PATH with its {a,b} resolved by what exists below ROOT: the file, or else
# its folder
alternatives()
{
	local head tail list first path folder=
	case $2 in
	*\{*\}*) ;;
	*)
		echo "$2"
		return
		;;
	esac
	head=${2%%\{*}
	tail=${2#*\}}
	list=${2#*\{}
	list=${list%%\}*},
	first=$head${list%%,*}$tail
	while [ -n "$list" ]; do
		path=$head${list%%,*}$tail
		list=${list#*,}
		if [ -e "$1/$path" ]; then
			echo "$path"
			return
		fi
		if [ -z "$folder" ] && [ -d "$1/$(dirname "$path")" ]; then
			folder=$path
		fi
	done
	echo "${folder:-$first}"
}

# holds PATH has|lacks TEXT: whether that is true of the kernel's file
holds()
{
	local path
	path=$tree/$(alternatives "$tree" "$1")
	case $2 in
	has) grep -qsF -e "$3" "$path" ;;
	lacks) ! grep -qsF -e "$3" "$path" ;;
	*) die "'$1 $2 $3' says neither 'has' nor 'lacks'" ;;
	esac
}

# text FILE: the message or cover letter in it, for this kernel
text()
{
	local line keep=1 path has what
	while IFS= read -r line; do
		case $line in
		'? '*)
			read -r path has what <<-END
				${line#? }
			END
			holds "$path" "$has" "$what" || keep=
			continue
			;;
		'')
			keep=1
			;;
		esac
		[ -z "$keep" ] || printf '%s\n' "$line"
	done <"$1" | cat -s
}

# rules COCCI: the rules of a semantic patch, each with its status: must, may, or those of which
# one must match
rules()
{
	awk '
		BEGIN { status = "must" }
		match($0, /^@ *[a-z_][a-z0-9_]*( [^@]*)?@$/) {
			match($0, /[a-z_][a-z0-9_]*/)
			print substr($0, RSTART, RLENGTH), status
		}
		{ status = "must" }
		$0 == "// may match" { status = "may" }
		/^\/\/ one of .* must match$/ {
			status = substr($0, 11, length($0) - 21)
			gsub(/,/, "", status)
		}
	' "$1"
}

# optional SCRIPT: nothing in it must match, so that a kernel may lack the file
optional()
{
	case $1 in
	*.sed) grep -qx '# may change nothing' "$1" ;;
	*) ! rules "$1" | grep -qv ' may$' ;;
	esac
}

# fetch PATH: a file of the kernel enters the repository that the series is made in
fetch()
{
	if [ ! -e "$repo/$1" ] && [ -f "$tree/$1" ]; then
		mkdir -p "$repo/$(dirname "$1")" "$work/applied/$(dirname "$1")"
		cp --no-preserve=mode "$tree/$1" "$repo/$1"
		cp --no-preserve=mode "$tree/$1" "$work/applied/$1"
	fi
}

# coccinelle RULES FILE: applies the semantic patch to the file; what its scripts print is in
# $work/matches. Nearly all of a second series is what the same rules made of the same file before.
coccinelle()
{
	local made
	made=$top/build/coccinelle/$({
		spatch --version
		cat "$1" "$2"
	} 2>/dev/null | sha256sum | cut -d ' ' -f 1)
	if [ ! -d "$made" ]; then
		# On a busy machine what takes seconds may take minutes.
		timeout 600 spatch --very-quiet --no-show-diff --in-place --sp-file "$1" "$2" \
			>"$work/matches" 2>"$work/spatch.log" || {
			[ $? -ne 124 ] || echo "stopped after 10 minutes" >"$work/spatch.log"
			return 1
		}
		# What cannot be kept whole is not kept. Another run may have been quicker.
		if ! { mkdir -p "$made.$$" && cp "$work/matches" "$work/spatch.log" "$made.$$" &&
			cp "$2" "$made.$$/file" && mv -T "$made.$$" "$made"; } 2>/dev/null; then
			rm -rf "$made.$$"
		fi
	else
		cp "$made/matches" "$made/spatch.log" "$work"
		cat "$made/file" >"$2"
	fi
}

# adopt FILE: an overlay file in the idiom of this kernel. patches/compat/rules lists semantic
# patches and sed scripts with the overlay files they are for and the kernel file that tells whether
# to apply them.
adopt()
{
	local patch files witness has what
	while read -r patch files witness has what; do
		# shellcheck disable=SC2254 # a pattern it is
		case $1 in
		$files) ;;
		*) continue ;;
		esac
		holds "$witness" "$has" "$what" || continue
		case $patch in
		*.sed) sed -f "$top/patches/compat/$patch" "$2" >"$work/new" ;;
		*)
			coccinelle "$top/patches/compat/$patch" "$2" ||
				die "patches/compat/$patch: Coccinelle fails on $1:" \
				"$(tail -n 1 "$work/spatch.log")"
			# It aligns with spaces.
			unexpand --first-only "$2" >"$work/new"
			;;
		esac
		cat "$work/new" >"$2"
		touch "$work/applied-${patch%.*}"
	done <<-END
	$(grep -v '^#' "$top/patches/compat/rules" 2>/dev/null)
	END
}

overlay()
{
	local source
	source=$top/$(alternatives "$top" "$2")
	[ -f "$source" ] || die "patches/$1/files: no file $2 in this repository"
	[ ! -e "$tree/$3" ] || die "$kernel already has $3: is the series applied to $tree?"
	mkdir -p "$repo/$(dirname "$3")"
	cp --no-preserve=mode "$source" "$repo/$3"
	leave_out "$@"
	adopt "$2" "$repo/$3"
}

# leave_out PATCH SOURCE PATH: take out of an overlay file what the patches after this one bring
leave_out()
{
	local later script
	for later in $(tac "$work/series" | sed "/^$1\$/,\$d"); do
		# shellcheck disable=SC2013 # words
		for script in $(awk -v source="$2" '$1 == source && $2 == "overlay" {
				for (i = 3; i <= NF; i++)
					print $i
			}' "$top/patches/$later/files"); do
			case $script in
			*.cocci) semantic_patch "$later" "$3" "$script" ;;
			*) sed_script "$later" "$3" "$script" ;;
			esac
		done
	done
}

compat()
{
	[ -f "$top/patches/compat/$4" ] || die "patches/$1/files: there is no patches/compat/$4"
	[ -f "$work/applied-${4%%.*}" ] || return 0
	mkdir -p "$repo/$(dirname "$3")"
	cp --no-preserve=mode "$top/patches/compat/$4" "$repo/$3"
	adopt "$2" "$repo/$3"
}

# function_of COCCI RULE: ", NAME()" if the rule is for a function of that name
function_of()
{
	awk -v rule="^@ *$2[@ ]" '
		/^@ *[a-z]/ { inside = $0 ~ rule }
		inside && /^ [a-z_0-9]*\(.*\)$/ {
			print ", " substr($0, 2, index($0, "(") - 1) ")"
			exit
		}
	' "$1"
}

# semantic_patch PATCH PATH COCCI
semantic_patch()
{
	local file="$top/patches/$1/$3" name status rules rule found
	rules "$file" >"$work/names"
	# Coccinelle says nothing of a rule that matches nothing; these make it tell.
	{
		cat "$file"
		while read -r name _; do
			printf '\n@script:python depends on %s@\n@@\nprint("matched %s")\n' \
				"$name" "$name"
			printf '\n@script:python depends on !%s@\n@@\nprint("unmatched %s")\n' \
				"$name" "$name"
		done <"$work/names"
	} >"$work/rules.cocci"
	cp "$repo/$2" "$work/old"
	cp "$work/old" "$work/new.c"
	coccinelle "$work/rules.cocci" "$work/new.c" ||
		die "patches/$1/$3: Coccinelle fails on $2 of $kernel:" \
			"$(grep -v metavariable "$work/spatch.log" | head -n 1)"
	while read -r name status; do
		grep -q "matched $name\$" "$work/matches" ||
			die "patches/$1/$3: Coccinelle does not run rule $name:" \
				"$(grep -v metavariable "$work/spatch.log" | head -n 1)"
		case $status in
		may) continue ;;
		must) rules=$name ;;
		*) rules=$status ;;
		esac
		found=
		for rule in $rules; do
			! grep -q "^matched $rule\$" "$work/matches" || found=1
		done
		[ -n "$found" ] ||
			die "patches/$1/$3: rule $(echo "$rules" | sed 's/ / or /g')" \
				"matches nothing in $2$(function_of "$file" "$name") of" \
				"$kernel: add an alternative to it," \
				"as patches/README.md says in 'A new kernel'"
	done <"$work/names"
	# Coccinelle indents the empty lines it adds, may add one beside another, leaves two where
	# something between them was, or one where the first statement of a block was, and takes
	# away the only one between two neighbours of what it removes.
	diff --unchanged-line-format='=%L' --old-line-format='-%L' --new-line-format='+%L' \
		"$work/old" "$work/new.c" | awk '
		{
			kind = substr($0, 1, 1)
			line = substr($0, 2)
		}
		kind == "-" {
			removed = 1
			if (line == "" && last ~ /[;}">]$|^#/)
				separate = 1
			next
		}
		kind == "+" { sub(/[ \t]+$/, "", line) }
		line == "" && kind == "+" { pending = !blank; next }
		line == "" && removed && (blank || last ~ /^[ \t]*{$/) { next }
		{
			if (separate && line !~ /^[ \t]*}/)
				pending = 1
			separate = 0
			if (pending && line != "")
				print ""
			pending = removed = 0
			print line
			blank = line == ""
			last = line
		}' >"$repo/$2"
}

# sed_script PATCH PATH SCRIPT
sed_script()
{
	sed -f "$top/patches/$1/$3" "$repo/$2" >"$work/new"
	if ! cmp -s "$work/new" "$repo/$2"; then
		cat "$work/new" >"$repo/$2"
	elif ! optional "$top/patches/$1/$3"; then
		die "patches/$1/$3: changes nothing in $2 of $kernel: add what that file has" \
			"instead," \
			"as patches/README.md says in 'A new kernel'"
	fi
}

git_in()
{
	git -C "$repo" -c core.autocrlf=false -c core.safecrlf=false -c commit.gpgsign=false "$@"
}

# The user who runs this signs the patches off. Their date is the date of the last change here, so
# that the same inputs make the same series.
identity()
{
	env -u GIT_CONFIG_GLOBAL -u GIT_CONFIG_NOSYSTEM git -C "$top" config "$1"
}
name=$(identity user.name || echo "KVM shared MSRs")
email=$(identity user.email || echo "kvm-shared-msrs@localhost")
date=$(git -C "$top" log -1 --format=%cI 2>/dev/null || echo 2020-01-01T00:00:00Z)
export GIT_AUTHOR_NAME="$name" GIT_AUTHOR_EMAIL="$email" GIT_AUTHOR_DATE="$date"
export GIT_COMMITTER_NAME="$name" GIT_COMMITTER_EMAIL="$email" GIT_COMMITTER_DATE="$date"

git init -q -b main "$repo"
mkdir "$work/applied"

# needed PATCH: says why if this kernel has no use for the patch
needed()
{
	[ -f "$top/patches/$1/needs" ] || return 0
	local files path text
	read -r files text <"$top/patches/$1/needs"
	path=$(alternatives "$tree" "$files")
	if [ ! -f "$tree/$path" ]; then
		say "$1 is left out: $kernel has no $files" >&2
		return 1
	fi
	grep -qF -e "$text" "$tree/$path" || {
		say "$1 is left out: $path of $kernel has no $text" >&2
		return 1
	}
}

grep -v '^#' "$top/patches/series" >"$work/series"
patches=
while read -r patch; do
	! needed "$patch" || patches="$patches $patch"
done <"$work/series"
for patch in $patches; do
	grep -v '^#' "$top/patches/$patch/files" | while read -r path how _; do
		path=$(alternatives "$tree" "$path")
		[ "$how" = overlay ] || [ "$how" = compat ] || [ -f "$tree/$path" ] ||
			optional "$top/patches/$patch/$how" ||
			die "patches/$patch/files: $kernel has no file $path"
		fetch "$path"
	done
done
# By force: a .gitignore of the kernel's may hide what the rules change.
git_in add -A -f
git_in commit -q --allow-empty -m "$kernel"
base=$(git_in rev-parse HEAD)

for patch in $patches; do
	[ ! -t 2 ] || say "making $patch" >&2
	grep -v '^#' "$top/patches/$patch/files" >"$work/files"
	while read -r source how file; do
		path=$(alternatives "$tree" "$source")
		case $how-$file in
		overlay-* | compat-* | *-) ;;
		*) die "patches/$patch/files: $source: nothing may follow $how: '$file'" ;;
		esac
		case $how in
		overlay) overlay "$patch" "$source" "$path" ;;
		compat) compat "$patch" "$source" "$path" "$file" ;;
		*.cocci)
			[ ! -f "$repo/$path" ] ||
				semantic_patch "$patch" "$path" "$how"
			;;
		*.sed) [ ! -f "$repo/$path" ] || sed_script "$patch" "$path" "$how" ;;
		*)
			die "patches/$patch/files: $source: HOW is overlay, compat, a .cocci" \
				"or a .sed file, not '$how'"
			;;
		esac
	done <"$work/files"
	git_in add -A -f
	git_in diff --cached --quiet && continue
	text "$top/patches/$patch/message" | git_in commit -q -s -F -
done

[ "$(git_in rev-parse HEAD)" != "$base" ] || die "the series is empty for $kernel"
git_in config branch.main.description "$(text "$top/patches/cover-letter")"
git_in format-patch -q --no-signature --no-numbered --cover-letter \
	--cover-from-description=subject -o "$work/out" "$base"

# What the patches make of the kernel's files must be what the rules have made of them, whatever
# attributes git has found.
cat "$work"/out/*-[DK]*.patch >"$work/stream"
GIT_CEILING_DIRECTORIES=$work git -C "$work/applied" -c core.autocrlf=false apply "$work/stream" \
	2>"$work/log" ||
	die "the series for $kernel does not apply to it: $(sed -n '1s/^error: //p' "$work/log")"
(cd "$repo" && find . -name .git -prune -o -type f -print) >"$work/files"
while read -r path; do
	cmp -s "$repo/$path" "$work/applied/$path" ||
		die "${path#./} of $kernel: what the rules change there is not in the patches"
done <"$work/files"

# What the series replaces may have grown in a kernel that lies between the known ones, by what no
# rule is for. It would not compile, or trust a value that the core does not know.
replaced='user_return_msr|uret_msr|rdmsr[a-z_]*\(MSR_TSC_AUX'
for path in $(cd "$tree" && grep -rlEs --include='*.[chS]' --exclude='*.mod.c' "$replaced" \
	arch/x86); do
	fetch "$path"
done
left=$(cd "$repo" && grep -rnoEs --include='*.[chS]' "[a-z_]*($replaced)[a-z_]*" arch/x86 |
	head -n 1)
[ -z "$left" ] ||
	die "${left%:*} of $kernel still has ${left##*:} after the last patch:" \
		"add a rule for that, as patches/README.md says in 'A new kernel'"

rm -rf "$out.new"
cp -r "$work/out" "$out.new"
rm -rf "$out"
mv "$out.new" "$out"
