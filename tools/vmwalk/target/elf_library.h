/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Load libelf and libdw when they are needed: libdw alone would double the time that the command
 * needs to start, and most runs ask for no symbol.
 */
#ifndef VMWALK_ELF_LIBRARY_H
#define VMWALK_ELF_LIBRARY_H

#include <elfutils/libdwfl.h>
#include <gelf.h>

#define LIBELF_FUNCTIONS(FUNCTION)							\
	FUNCTION(elf_begin) FUNCTION(elf_end) FUNCTION(elf_getphdrnum)			\
	FUNCTION(elf_getshdrstrndx) FUNCTION(elf_kind) FUNCTION(elf_nextscn)		\
	FUNCTION(elf_strptr) FUNCTION(elf_version) FUNCTION(gelf_getphdr)		\
	FUNCTION(gelf_getshdr)

#define LIBDW_FUNCTIONS(FUNCTION)							\
	FUNCTION(dwfl_addrmodule) FUNCTION(dwfl_begin) FUNCTION(dwfl_end)		\
	FUNCTION(dwfl_getmodules) FUNCTION(dwfl_linux_proc_find_elf)			\
	FUNCTION(dwfl_linux_proc_maps_report) FUNCTION(dwfl_module_addrinfo)		\
	FUNCTION(dwfl_module_getsym_info) FUNCTION(dwfl_module_getsymtab)		\
	FUNCTION(dwfl_module_info) FUNCTION(dwfl_report_begin) FUNCTION(dwfl_report_end)	\
	FUNCTION(dwfl_standard_find_debuginfo)

#define POINTER_TO(function)	__typeof__(&function) function;

/* The functions of each library, under their own names and with the types of its headers */
struct libelf {
	LIBELF_FUNCTIONS(POINTER_TO)
};

struct libdw {
	LIBDW_FUNCTIONS(POINTER_TO)
};

/*
 * libelf_load(), libdw_load() - load a library, once
 *
 * Return the functions, or NULL if the library is not installed: then elf_library_missing() says
 * which, and why.
 */
const struct libelf *libelf_load(void);
const struct libdw *libdw_load(void);

const char *elf_library_missing(void);

#endif /* VMWALK_ELF_LIBRARY_H */
