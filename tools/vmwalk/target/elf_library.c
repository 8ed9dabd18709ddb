// SPDX-License-Identifier: GPL-2.0
#ifdef HAVE_LIBDW
#include <dlfcn.h>
#include <stdbool.h>
#include <stdio.h>

#include "elf_library.h"

/* A function for dlsym(3), and its pointer in struct libelf or struct libdw */
struct entry {
	const char *name;
	void **to;
};

static char missing[256];

/*
 * The libraries stay loaded until the program ends. RTLD_LOCAL: the command calls them
 * through the structures alone.
 */
static bool load(const char *library, const struct entry *entry)
{
	void *handle = dlopen(library, RTLD_LAZY | RTLD_LOCAL);

	for (; handle && entry->name; entry++) {
		*entry->to = dlsym(handle, entry->name);
		if (!*entry->to)
			break;
	}
	if (handle && !entry->name)
		return true;
	snprintf(missing, sizeof(missing), "%s", dlerror());
	return false;
}

#define ENTRY(function)	{ #function, (void **)&functions.function }

const struct libelf *libelf_load(void)
{
	static struct libelf functions;
	static const struct entry entries[] = {
		ENTRY(elf_begin),
		ENTRY(elf_end),
		ENTRY(elf_getphdrnum),
		ENTRY(elf_getshdrstrndx),
		ENTRY(elf_kind),
		ENTRY(elf_nextscn),
		ENTRY(elf_strptr),
		ENTRY(elf_version),
		ENTRY(gelf_getphdr),
		ENTRY(gelf_getshdr),
		{ NULL, NULL }
	};
	static bool loaded;

	loaded = loaded || load("libelf.so.1", entries);
	return loaded ? &functions : NULL;
}

const struct libdw *libdw_load(void)
{
	static struct libdw functions;
	static const struct entry entries[] = {
		ENTRY(dwfl_addrmodule),
		ENTRY(dwfl_begin),
		ENTRY(dwfl_build_id_find_debuginfo),
		ENTRY(dwfl_end),
		ENTRY(dwfl_getmodules),
		ENTRY(dwfl_linux_proc_maps_report),
		ENTRY(dwfl_module_addrinfo),
		ENTRY(dwfl_module_getsym_info),
		ENTRY(dwfl_module_getsymtab),
		ENTRY(dwfl_module_info),
		ENTRY(dwfl_report_begin),
		ENTRY(dwfl_report_end),
		{ NULL, NULL }
	};
	static bool loaded;

	loaded = loaded || load("libdw.so.1", entries);
	return loaded ? &functions : NULL;
}

const char *elf_library_missing(void)
{
	return missing;
}

#endif
