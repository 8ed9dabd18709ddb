/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Included after the kernel's configuration for clang-tidy: the calls to a hypervisor
 * begin with "register = itself", which the analyzer takes for a value never set.
 */
#undef CONFIG_PARAVIRT
#undef CONFIG_PARAVIRT_XXL
