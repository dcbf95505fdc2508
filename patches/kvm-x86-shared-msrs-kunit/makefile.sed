# SPDX-License-Identifier: GPL-2.0-only
# Behind the last of KVM's modules.
/^obj-\$(CONFIG_KVM_AMD)/a\
\
kvm-shared-msrs-kunit-y	+= shared_msrs_kunit.o\
obj-$(CONFIG_KVM_SHARED_MSRS_KUNIT_TEST) += kvm-shared-msrs-kunit.o
