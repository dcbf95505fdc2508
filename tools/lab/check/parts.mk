# SPDX-License-Identifier: GPL-2.0
# The parts of 'make check' and 'make matrix', which check.sh and matrix.sh run side by side. A
# target is called as the part's results in build/results. It has what it needs as prerequisites,
# and runs only if these went well. % is the kernel's version.

part = @tools/lab/check/part.sh $@
MAKEFLAGS += --no-print-directory

# ---- without a kernel

lint.ktap:
	$(part) tools/lab/check/lint.sh

lab.ktap:
	$(part) tools/lab/check/selfcheck.sh

core.tap:
	$(part) $(MAKE) -s -C tools/testing/shared_msrs check

# what makes the series, with kernels of a few lines
generate.ktap:
	$(part) tools/lab/series/generate_test.sh

# ---- the series

review-v%.ktap:
	$(part) tools/lab/series/review.sh $*

# makes the same series, which is then there
apply-v%.ktap: review-v%.ktap
	$(part) tools/lab/series/apply_test.sh $*

steps-v%.ktap: build-v%.ktap
	$(part) tools/lab/series/steps.sh $*

# ---- the kernels that PCs boot, patched, and with what looks for errors

build-v%.ktap:
	$(part) tools/lab/check/cell.sh build $*

build-v%-kasan.ktap:
	$(part) tools/lab/check/cell.sh build $* kasan

build-v%-kcsan.ktap:
	$(part) tools/lab/check/cell.sh build $* kcsan

# ---- PCs: MACHINE-CPUS-vKVER[-KIND].ktap

# $(call cell,MACHINE-CPUS,-KIND,-VARIANT OF THE KERNEL)
define cell
$(1)-v%$(2).ktap: build-v%$(3).ktap
	$$(part) tools/lab/check/cell.sh run $$* $(subst -, ,$(1)$(2))
endef
$(foreach pc,vmx-1 vmx-2,\
	$(eval $(call cell,$(pc),-old))\
	$(eval $(call cell,$(pc),-new))\
	$(eval $(call cell,$(pc),-tsx)))
$(foreach pc,vmx-1 vmx-2 svm-1 svm-2,\
	$(eval $(call cell,$(pc)))\
	$(eval $(call cell,$(pc),-kasan,-kasan))\
	$(eval $(call cell,$(pc),-kcsan,-kcsan)))

reboot-vmx-v%.ktap: build-v%.ktap
	$(part) tools/lab/check/reboot.sh $* vmx 2

reboot-svm-v%.ktap: build-v%.ktap
	$(part) tools/lab/check/reboot.sh $* svm 2

# the stock KVM, and KVM's own selftests
upstream-v%.ktap: build-v%.ktap
	$(part) tools/lab/check/upstream.sh build $*

upstream-vmx-v%.ktap: upstream-v%.ktap
	$(part) tools/lab/check/upstream.sh run $* vmx 2

upstream-svm-v%.ktap: upstream-v%.ktap
	$(part) tools/lab/check/upstream.sh run $* svm 2
