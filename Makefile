# SPDX-License-Identifier: GPL-2.0
# The lab's front door. Each command is a script in tools/lab; 'make help' lists them.

# The kernels that are served, KVER=all.
KVERS := 5.10 6.1 6.12 7.3

KVER ?= 5.10
CPUS ?= 1
MACHINE ?= vmx
KREL ?= $(shell uname -r)
LAB := tools/lab

ifeq ($(strip $(KVER)),all)
override KVER := $(KVERS)
endif

ONE_KVER = $(if $(word 2,$(KVER)),$(error '$@' takes one kernel, KVER="$(KVER)" names more))$(strip $(KVER))

.PHONY: help demo check check-mutants matrix matrix-merge check-core coverage fuzz bench series apply \
	modules dkms-deb check-dkms shell menuconfig deps clean

help:
	@echo 'make demo             guests on an emulated Intel CPU, and what shared MSRs save'
	@echo 'make check            every test (KVER="5.10 6.1" or KVER=all: for several kernels)'
	@echo 'make check DEBUG=1    the tests on kernels with KASAN, lockdep, KCSAN and the like'
	@echo 'make check-mutants    that the kselftests notice when the kernel is broken on purpose'
	@echo 'make matrix           every kernel, machine and number of CPUs in one table (SHARD=2/4: a part of it)'
	@echo 'make matrix-merge     one table of the parts in build/results or DIRS="..."'
	@echo 'make check-core       the core and the VMX part, explored in user space: needs no kernel'
	@echo 'make coverage         what of these the tests in user space reach'
	@echo 'make fuzz SECONDS=60  libFuzzer against the core'
	@echo 'make bench            what it costs, beside the stock kernel and other policies'
	@echo 'make series           the patch series, in build/series'
	@echo 'make apply KSRC=DIR   apply the series to the kernel tree DIR, wholly or not at all'
	@echo 'make modules          kvm, kvm-intel, kvm-amd for the Debian kernel KREL, tried on that kernel'
	@echo 'make dkms-deb         a package by which DKMS builds and installs these'
	@echo 'make check-dkms       install, boot and remove it in a new Debian (as root)'
	@echo 'make shell            a shell in the emulated machine (MACHINE=svm: an AMD CPU)'
	@echo 'make menuconfig       choose the options of the series for the lab'\''s kernels'
	@echo 'make deps             install what the lab needs'
	@echo 'make clean            remove build/; the cache stays'
	@echo
	@echo 'KVER=5.10   which kernel: $(KVERS)        KSRC=DIR   its source, instead of Debian'\''s'
	@echo 'KREL=NAME   which of Debian'\''s own kernels, as "uname -r" says it; the running one otherwise'
	@echo 'CPUS=1      CPUs of the emulated machine     V=1        show what the steps print'
	@echo 'OFFLINE=1   never download                   JOBS=2     how many tests at a time, if not one a CPU'

demo:
	@for kver in $(KVER); do CPUS=$(CPUS) $(LAB)/demo/demo.sh $$kver || exit 1; done

check: deps
	@DEBUG=$(DEBUG) $(LAB)/check/check.sh $(KVER)

check-mutants: deps
	@$(LAB)/check/mutants.sh $(ONE_KVER)

matrix: deps
	@$(LAB)/check/matrix.sh $(KVERS)

matrix-merge: deps
	@$(LAB)/check/matrix.sh --merge $(KVERS)

check-core:
	@$(MAKE) -s -C tools/testing/shared_msrs check

coverage fuzz:
	@$(MAKE) -s -C tools/testing/shared_msrs $@

bench: deps
	@for kver in $(KVER); do $(LAB)/bench/bench.sh $$kver || exit 1; done

series:
	@for kver in $(KVER); do \
		$(LAB)/series/series.sh $$kver && ls build/series/v$$kver/*.patch || exit 1; \
	done

apply:
	@$(LAB)/series/apply.sh "$(KSRC)"

modules: deps
	@$(LAB)/debian/stock_modules.sh "$(KREL)" && $(LAB)/debian/stock_test.sh "$(KREL)"

dkms-deb: deps
	@$(LAB)/debian/deps.sh $(LAB)/debian/dkms/packages && $(LAB)/debian/dkms.sh "$(KREL)"

check-dkms: dkms-deb
	@$(LAB)/debian/dkms_test.sh "$(KREL)"

shell: deps
	@$(LAB)/kernel/build.sh $(ONE_KVER) && \
	test=$$($(LAB)/kernel/selftests.sh $(ONE_KVER) shared_msrs_test) && \
	$(LAB)/machine/shell.sh $(ONE_KVER) $(MACHINE) $(CPUS) $$test

menuconfig:
	@$(LAB)/kernel/menuconfig.sh $(ONE_KVER)

deps:
	@$(LAB)/debian/deps.sh

# What the fuzzer has found stays.
clean:
	@$(MAKE) -s -C tools/testing/shared_msrs clean
	@[ ! -d build ] || find build -mindepth 1 -maxdepth 1 ! -name core -exec rm -rf {} +
