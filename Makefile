# SPDX-License-Identifier: GPL-2.0
# The lab's front door. Each command is a script in tools/lab; 'make help' lists them.

# The kernels that are served, KVER=all.
KVERS := 5.10 6.1 6.12 7.3

LAB := tools/lab
# KSRC= is a tree of any version. All three numbers of it, as in 6.1.192, keep its builds apart.
version = $(shell sed -n 's/^\(VERSION\|PATCHLEVEL\|SUBLEVEL\) *= *//p' \
	'$(subst ','\'',$(KSRC))/Makefile' 2>/dev/null | paste -sd .)
KVER ?= $(if $(KSRC),$(version),5.10)
CPUS ?= 1
MACHINE ?= vmx
KREL ?= $(shell uname -r)
SECONDS ?= 60
MINUTES ?= 30
# What was said behind 'make', for goals.sh to refuse what a goal does not take.
given := $(strip $(foreach name,$(.VARIABLES),$(if $(filter command,$(origin $(name))),$(name))))

ifeq ($(strip $(KVER)),all)
override KVER := $(KVERS)
endif
override KVER := $(strip $(KVER))
export KVER CPUS MACHINE KREL KSRC KUT SECONDS MINUTES SEED SHARD DIRS JOBS V OFFLINE DEBUG NESTED

.PHONY: help demo check check-mutants check-peers soak matrix matrix-merge check-core coverage \
	fuzz bench measure series apply modules dkms-deb check-dkms shell menuconfig deps goals \
	clean

#: make demo             guests on an emulated Intel CPU, and what shared MSRs save
#: make check            all tests (KVER="5.10 6.1" or KVER=all: of several kernels)
#: make check DEBUG=1    the tests on kernels with KASAN, lockdep, KCSAN and others
#: make check-mutants    does a kselftest notice each mistake made on purpose?
#: make check-peers      kvm-unit-tests on this KVM; what does not pass, on the stock one, too
#: make soak MINUTES=30  run virtual machines and disturb them, on kernels with KASAN and lockdep
#: make matrix           all kernels, PCs and numbers of CPUs in one table
#:                       (SHARD=2/4: the second of four parts of it)
#: make matrix-merge     one table of the parts in build/results or DIRS="..."
#: make check-core       explore the core and the VMX part in user space, without a kernel
#: make coverage         list the code that the tests in user space do not reach
#: make fuzz SECONDS=60  let libFuzzer try the core
#: make bench            compare the cost with the stock kernel and other policies
#: make bench NESTED=1   the same in a virtual machine, on the stock KVM and on this one
#: make measure          measure the KVM that runs on this very machine (as root)
#: make series           make the patch series in build/series
#: make apply KSRC=DIR   apply the series to the kernel tree DIR, wholly or not at all
#: make modules          build kvm, kvm-intel, kvm-amd for the Debian kernel KREL and test them
#: make dkms-deb         make a package with which DKMS builds and installs them
#: make check-dkms       install, boot and remove that package in a new Debian (as root)
#: make shell            open a shell in an emulated PC (MACHINE=svm: an AMD CPU)
#: make menuconfig       choose the options of the series for the lab's kernels
#: make deps             install what the lab needs
#: make clean            remove build/, and with it what menuconfig chose; the cache stays
#:
#: KVER=5.10   the kernel: KVERS
#: KSRC=DIR    your kernel source, of any version, instead of Debian's
#: KUT=DIR     kvm-unit-tests that you have built, for 'make check-peers'
#: KREL=NAME   one of Debian's own kernels, named as 'uname -r' does; by default the running one
#: SEED=4711   begin with this slice of 'make soak'; by default with any
#: CPUS=1      CPUs of the emulated PC of 'make demo' and 'make shell'
#: OFFLINE=1   never download
#: V=1         show what the steps print
#: VARIANT=kasan  the kernel of 'make check-mutants' and 'make shell': kasan or kcsan
#: BOCHS=PATH, QEMU=PATH  emulators instead of the lab's
#: SILENCE=900  seconds without output after which a PC counts as hung
#: JOBS=2      how many parts of 'make check' and 'make matrix' run at a time; by default as many as
#:             there are CPUs
help:
	@sed -n 's/^#: \{0,1\}//p' Makefile | sed 's/KVERS$$/$(KVERS)/'

# Before anything else, also before packages are installed.
goals:
	@GIVEN="$(given)" KVERS="$(KVERS)" $(LAB)/check/goals.sh $(MAKECMDGOALS)

demo: goals
	@for kver in $(KVER); do $(LAB)/demo/demo.sh $$kver || exit 1; done

check: deps
	@$(LAB)/check/check.sh $(KVER)

soak: deps
	@$(LAB)/check/soak.sh $(KVER) $(MINUTES) $(SEED)

check-mutants: deps
	@$(LAB)/check/mutants.sh $(KVER)

check-peers: deps
	@$(LAB)/check/kut.sh $(KVER)

matrix: deps
	@$(LAB)/check/matrix.sh $(KVERS)

matrix-merge: goals
	@$(LAB)/check/matrix.sh --merge $(KVERS)

check-core coverage fuzz: goals
	@$(MAKE) -s -C tools/testing/shared_msrs $(@:check-core=check)

bench: deps
	@for kver in $(KVER); do \
		$(LAB)/bench/bench.sh $(if $(filter 1,$(NESTED)),--nested) $$kver || exit 1; \
	done

measure: goals
	@$(LAB)/bench/measure.sh

series: goals
	@for kver in $(KVER); do \
		$(LAB)/series/series.sh $$kver && ls build/series/v$$kver/*.patch || exit 1; \
	done

apply: goals
	@$(LAB)/series/apply.sh "$$KSRC"

modules: deps
	@$(LAB)/debian/stock_modules.sh "$(KREL)" && $(LAB)/debian/stock_test.sh "$(KREL)"

dkms-deb: deps
	@$(LAB)/debian/deps.sh $(LAB)/debian/dkms/packages && $(LAB)/debian/dkms.sh "$(KREL)"

check-dkms: dkms-deb
	@$(LAB)/debian/dkms_test.sh "$(KREL)"

shell: deps
	@$(LAB)/kernel/build.sh $(KVER) && \
	test=$$($(LAB)/kernel/selftests.sh $(KVER) shared_msrs_test) && \
	$(LAB)/machine/run.sh --shell $(KVER) $(MACHINE) $(CPUS) shell - $$test

menuconfig: deps
	@$(LAB)/kernel/menuconfig.sh $(KVER)

deps: goals
	@$(LAB)/debian/deps.sh

# What the fuzzer has found stays.
clean:
	@$(MAKE) -s -C tools/testing/shared_msrs clean
	@[ ! -d build ] || find build -mindepth 1 -maxdepth 1 ! -name core -exec rm -rf {} +
