/* SPDX-License-Identifier: GPL-2.0 */
/*
 * clang-tidy includes this after the kernel configuration. Without CONFIG_PARAVIRT no
 * register variable is initialised by itself, which the analyzer reports as an
 * uninitialised value.
 */
#undef CONFIG_PARAVIRT
#undef CONFIG_PARAVIRT_XXL
