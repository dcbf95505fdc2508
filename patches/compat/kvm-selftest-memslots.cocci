// SPDX-License-Identifier: GPL-2.0-only
// Up to 5.13 the memory slots for data and page tables are arguments. Later libraries use 0.
@memslots@
expression vm, a, b, c;
@@
(
- vm_vaddr_alloc(vm, a, b)
+ vm_vaddr_alloc(vm, a, b, 0, 0)
|
- virt_pg_map(vm, a, b)
+ virt_pg_map(vm, a, b, 0)
|
- virt_map(vm, a, b, c)
+ virt_map(vm, a, b, c, 0)
|
- kvm_vm_elf_load(vm, a)
+ kvm_vm_elf_load(vm, a, 0, 0)
)
