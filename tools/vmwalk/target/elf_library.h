/* SPDX-License-Identifier: GPL-2.0 */
/*
 * Load libelf and libdw when they are needed: linked with libdw, the command would start
 * more slowly, and most runs ask for no symbol.
 */
#ifndef VMWALK_ELF_LIBRARY_H
#define VMWALK_ELF_LIBRARY_H

#include <elfutils/libdwfl.h>
#include <gelf.h>

/* Functions with the types of the library's headers, set once libelf_load() succeeded */
struct libelf {
	__typeof__(elf_begin) *elf_begin;
	__typeof__(elf_end) *elf_end;
	__typeof__(elf_getphdrnum) *elf_getphdrnum;
	__typeof__(elf_getshdrstrndx) *elf_getshdrstrndx;
	__typeof__(elf_kind) *elf_kind;
	__typeof__(elf_nextscn) *elf_nextscn;
	__typeof__(elf_strptr) *elf_strptr;
	__typeof__(elf_version) *elf_version;
	__typeof__(gelf_getphdr) *gelf_getphdr;
	__typeof__(gelf_getshdr) *gelf_getshdr;
};

struct libdw {
	__typeof__(dwfl_addrmodule) *dwfl_addrmodule;
	__typeof__(dwfl_begin) *dwfl_begin;
	__typeof__(dwfl_build_id_find_debuginfo) *dwfl_build_id_find_debuginfo;
	__typeof__(dwfl_end) *dwfl_end;
	__typeof__(dwfl_getmodules) *dwfl_getmodules;
	__typeof__(dwfl_linux_proc_maps_report) *dwfl_linux_proc_maps_report;
	__typeof__(dwfl_module_addrinfo) *dwfl_module_addrinfo;
	__typeof__(dwfl_module_getsym_info) *dwfl_module_getsym_info;
	__typeof__(dwfl_module_getsymtab) *dwfl_module_getsymtab;
	__typeof__(dwfl_module_info) *dwfl_module_info;
	__typeof__(dwfl_report_begin) *dwfl_report_begin;
	__typeof__(dwfl_report_end) *dwfl_report_end;
};

/*
 * libelf_load(), libdw_load() - load a library, once
 *
 * Return the functions, or NULL if the library cannot be loaded: then
 * elf_library_missing() says which, and why.
 */
const struct libelf *libelf_load(void);
const struct libdw *libdw_load(void);

const char *elf_library_missing(void);

#endif
