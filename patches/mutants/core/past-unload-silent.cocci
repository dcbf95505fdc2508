// SPDX-License-Identifier: GPL-2.0-only
// The last check before the memory is freed is gone.
// Past bug: the module is unloaded with a notifier registered.
@@
expression e;
@@
-WARN_ON_ONCE(e->registered);
+(void)e;
