# SPDX-License-Identifier: GPL-2.0
# shellcheck shell=sh disable=SC2154 # of the script that sources this
# Bad input is refused in one line that names it, before anything is installed, built or left
# behind.

checkout
echo 'echo packages >>done' | stub debian/deps.sh
mkdir -p "$work/cache"

# refused ERROR GOAL|VARIABLE=VALUE...: make says the error, and does nothing
refused()
{
	local error="$1" status=0
	shift
	rm -rf "$fake/done" "$fake/build"
	env -u KVER -u KSRC -u KUT -u CPUS -u MACHINE -u KREL -u SHARD -u JOBS -u V -u OFFLINE -u DEBUG -u NESTED \
		XDG_CACHE_HOME="$work/cache" timeout 60 make -C "$fake" --no-print-directory "$@" \
		</dev/null >"$work/out" 2>"$work/err" || status=$?
	[ "$status" -eq 2 ] || echo "the exit status is $status" >>"$work/err"
	[ ! -e "$fake/done" ] || echo "packages are installed" >>"$work/err"
	find "$fake/build" "$work/cache" -type f 2>/dev/null | sed 's/$/ is there/' >>"$work/err"
	same "$(grep -v '^make' "$work/err")" "error: $error" "make $*"
}

# Each script says what it does, and does nothing.
grep -rl 'lib\.sh"$' "$fake/tools/lab" --include='*.sh' | grep -v /lib.sh | while read -r script; do
	"$script" --help 2>&1 | grep -qw "${script##*/}" || echo "${script##*/}"
done >"$work/no-help"
same "$(cat "$work/no-help")" "" "the scripts that say nothing with --help"

kernels="use 5.10, 6.1, 6.12 or 7.x"
for goal in demo check series bench shell check-mutants check-peers soak; do
	refused "KVER=nonsense is not one of the lab's kernels: $kernels, or set KSRC=/path/to/linux" $goal KVER=nonsense
	refused "KVER= is empty: $kernels, or leave it out" $goal KVER=
done
refused "KVER=nonsense is not one of the lab's kernels: $kernels, or set KSRC=/path/to/linux" demo KVER="5.10 nonsense"
refused "KVER=\"5.10 6.1 5.10\" names a kernel twice" check KVER="5.10 6.1 5.10"
refused "KVER=4.19 is not one of the lab's kernels: $kernels, or set KSRC=/path/to/linux" demo KVER=4.19
refused "'make shell' takes one kernel, KVER=\"5.10 6.1\" names more" shell KVER="5.10 6.1"
refused "'make shell' needs a terminal" shell
refused "'make menuconfig' needs a terminal" menuconfig
for goal in demo check shell; do
	refused "CPUS=abc is not a number of CPUs that a PC can have: use 1 to 4" $goal CPUS=abc
done
refused "CPUS=5 is not a number of CPUs that a PC can have: use 1 to 4" demo CPUS=5
refused "MACHINE=arm is not known: use vmx or svm" shell MACHINE=arm
refused "JOBS=many is not a number of parts to run side by side: use 1 or more" check JOBS=many
refused "JOBS=0 is not a number of parts to run side by side: use 1 or more" check JOBS=0
refused "DEBUG=yes is neither 1 nor 0" check DEBUG=yes
refused "NESTED=yes is neither 1 nor 0" bench NESTED=yes
refused "OFFLINE=maybe is neither 1 nor 0" demo OFFLINE=maybe
refused "V=verbose is neither 1 nor 0" demo V=verbose
refused "SECONDS=long is not a number of seconds: use 1 or more" fuzz SECONDS=long
for minutes in "" abc 0 1.5; do
	refused "MINUTES=$minutes is not a number of minutes: use 1 or more" soak MINUTES="$minutes"
done
for seed in "" x -1 0 1000000; do
	refused "SEED=$seed is not a seed: use a number from 1 to 999999" soak SEED="$seed"
done
refused "VARIANT=fast is not a variant of the kernel: use stock, kasan or kcsan" check-mutants VARIANT=fast
refused "VARIANT=stock has no mutants: use kasan or kcsan, or leave it out" check-mutants VARIANT=stock
refused "'make check-core' does not take ONLY=: leave it out" check-core ONLY=core/not-compared
refused "SHARD=1/99: the matrix has 16 cells, so it has no 99 parts" matrix SHARD=1/99
refused "BOCHS=/none cannot be run: set the path of an emulator, or leave it out" demo BOCHS=/none
refused "QEMU=/none cannot be run: set the path of an emulator, or leave it out" check QEMU=/none
refused "'make check' does not take CPUS=: leave it out" check CPUS=2
refused "'make matrix' does not take KVER=: leave it out" matrix KVER=6.1
refused "'make demo' does not take KERNEL=: leave it out" demo KERNEL=6.1
refused "'make check-core fuzz' does not take SHARD=: leave it out" \
	check-core fuzz SHARD=1/2
refused "SHARD=1 is not a part of the matrix: 2/4 is the second of four" matrix SHARD=1
for goal in modules dkms-deb; do
	refused "KREL=9.9 is not a kernel of Debian 11, 12 or 13 for amd64: name it as 'uname -r' does, like 6.1.0-47-amd64" \
		$goal KREL=9.9
done

refused "KSRC= is empty: set KSRC=/path/to/linux" apply
refused "KSRC=$work/none: there is no such folder" apply KSRC="$work/none"
refused "KSRC=$work/none: there is no such folder" demo KSRC="$work/none"
refused "KSRC=$work/it's: there is no such folder" apply KSRC="$work/it's"
refused "KSRC=$work is not a kernel source tree with arch/x86/kvm in it" apply KSRC="$work"
tree=$fake/linux-6.1
refused "KVER=nonsense is not one of the lab's kernels: $kernels, or set KSRC=/path/to/linux" \
	series KVER=nonsense KSRC="$tree"
refused "KSRC=$tree is Linux 6.1.1, not 5.10: leave KVER= out" series KVER=5.10 KSRC="$tree"
refused "KSRC=$tree is one kernel, KVER=\"5.10 6.1 6.12 7.3\" names more" check KVER=all KSRC="$tree"
refused "KSRC=$tree is one kernel, the matrix has several: leave it out" matrix KSRC="$tree"
touch "$tree/.config"
for goal in demo bench check; do
	refused "KSRC=$tree was built in; the lab builds beside a clean tree only: run 'make mrproper' there" \
		$goal KSRC="$tree"
done
rm "$tree/.config"
cp -R "$tree" "$work/linux 6.1"
refused "KSRC=$work/linux 6.1: kernels do not build in a path with a space or a colon" demo KSRC="$work/linux 6.1"
touch "$tree/arch/x86/kvm/shared_msrs.c"
for goal in apply series demo; do
	refused "KSRC=$tree: the series is already applied there: take an unchanged tree" $goal KSRC="$tree"
done

refused "KUT= is empty: clone gitlab.com/kvm-unit-tests/kvm-unit-tests, run './configure && make' there, and set KUT=/path/to/kvm-unit-tests" \
	check-peers
refused "KUT=$work/none: there is no such folder" check-peers KUT="$work/none"
refused "KUT=$work is not kvm-unit-tests: it has no x86/unittests.cfg" check-peers KUT="$work"
mkdir -p "$work/kut/x86"
touch "$work/kut/x86/unittests.cfg"
refused "KUT=$work/kut is not built for x86-64: run './configure && make' there" check-peers KUT="$work/kut"
echo ARCH=i386 >"$work/kut/config.mak"
touch "$work/kut/x86/msr.flat"
refused "KUT=$work/kut is not built for x86-64: run './configure && make' there" check-peers KUT="$work/kut"

# refused_by ERROR VARIABLE=VALUE...: so does a script
refused_by()
{
	local error="$1"
	shift
	same "$(env "$@" "$fake/tools/lab/kernel/source.sh" 5.10 2>&1 >/dev/null)" "error: $error" \
		"source.sh with $(echo "$*" | tr '\n' ' ')"
}
refused_by "HOME is not set: set XDG_CACHE_HOME to a folder for kernels and downloads" \
	-u HOME -u XDG_CACHE_HOME
refused_by "HOME=home is relative: set XDG_CACHE_HOME to a folder for kernels and downloads" \
	-u XDG_CACHE_HOME HOME=home
refused_by "cannot write to $work/none: set TMPDIR to a folder that can be written" TMPDIR="$work/none"
refused_by "XDG_CACHE_HOME=cache is relative: it must begin with a slash" XDG_CACHE_HOME=cache
touch "$work/file"
refused_by "cannot write to $work/file/kvm-shared-msrs: set XDG_CACHE_HOME to a folder that can be written" \
	XDG_CACHE_HOME="$work/file"
rm -rf "$fake/build"
touch "$fake/build"
refused_by "cannot write to $fake/build/log: the checkout must be one that can be written" \
	XDG_CACHE_HOME="$work/cache"
rm "$fake/build"

# script ERROR SCRIPT ARGUMENT...
script()
{
	local error="$1" script="$2"
	shift 2
	same "$(XDG_CACHE_HOME="$work/cache" "$fake/tools/lab/$script" "$@" 2>&1)" "error: $error" "$script $*"
}
script "the kind tsx is an Intel CPU of Bochs: use vmx" check/cell.sh run 5.10 svm 1 tsx
script "'x86/a_test' is not a kselftest: name one without its folder and ending" \
	kernel/selftests.sh 5.10 x86/a_test
script "usage: bench.sh [--nested] KVER [POLICY...]" bench/bench.sh --fast 5.10
script "usage: apply.sh TREE" series/apply.sh
script "usage: lint.sh" check/lint.sh README.md
same "$(VARIANT=stock XDG_CACHE_HOME="$work/cache" "$fake/tools/lab/check/mutants.sh" 5.10 2>&1)" \
	"error: VARIANT=stock has no mutants: use kasan or kcsan, or leave it out" "mutants.sh with VARIANT=stock"

# A PC whose kernel is not built is no PC that is left out.
same "$(XDG_CACHE_HOME="$work/cache" "$fake/tools/lab/check/reboot.sh" 5.10 vmx 1 2>&1)" \
	"error: there is nothing to run on Linux 5.10: run tools/lab/check/cell.sh build 5.10" \
	"reboot.sh before the kernel is built"
