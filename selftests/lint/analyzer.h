/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Included after the kernel's configuration for clang-tidy. Paravirt calls contain
 * "register = itself" initialisations, which the analyzer reports as uninitialised
 * values.
 */
#undef CONFIG_PARAVIRT
#undef CONFIG_PARAVIRT_XXL
