/* SPDX-License-Identifier: GPL-2.0 */
/*
 * clang-tidy.sh includes this after the kernel configuration. Macros of CONFIG_PARAVIRT
 * initialise register variables with themselves, which the analyzer reports as the use of
 * an uninitialised value.
 */
#undef CONFIG_PARAVIRT
#undef CONFIG_PARAVIRT_XXL
