// SPDX-License-Identifier: GPL-2.0-only
// Up to 5.12 it has another name.
@exception_handler@
expression vm, vector, handler;
@@
- vm_install_exception_handler(vm, vector, handler)
+ vm_handle_exception(vm, vector, handler)
