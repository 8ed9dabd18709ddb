// SPDX-License-Identifier: GPL-2.0
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "symbols.h"

#ifdef HAVE_LIBDW
#include "elf_library.h"

/* Set by begin(), which precedes all uses */
static const struct libdw *dw;

struct search {
	char program[PATH_MAX];
	const char *object;
	const char *name;
	unsigned int objects;
	unsigned int found;
	__u64 address;
	char *where;
	size_t size;
};

bool symbols_built_in(void)
{
	return true;
}

static const char *last_component(const char *path)
{
	const char *slash = strrchr(path, '/');

	return slash ? slash + 1 : path;
}

static bool is_object(const char *module, const char *object)
{
	if (strchr(object, '/'))
		return !strcmp(module, object);
	return !strcmp(last_component(module), object);
}

/* Some symbol tables include the version: malloc@@GLIBC_2.2.5 */
static bool is_name(const char *symbol, const char *name)
{
	size_t len = strlen(name);

	return !strncmp(symbol, name, len) && (!symbol[len] || symbol[len] == '@');
}

static bool has_address(const GElf_Sym *sym)
{
	/* The value of a thread-local symbol is an offset, not an address. */
	return sym->st_shndx != SHN_UNDEF && GELF_ST_TYPE(sym->st_info) != STT_TLS &&
	       GELF_ST_TYPE(sym->st_info) != STT_SECTION &&
	       GELF_ST_TYPE(sym->st_info) != STT_FILE;
}

/*
 * Prefer a global or weak symbol: each source file may have a local one of the same name.
 */
static bool find_in_module(Dwfl_Module *module, const char *name, __u64 *address)
{
	int i, nr = dw->dwfl_module_getsymtab(module);
	bool found = false;
	const char *symbol;
	GElf_Addr value;
	GElf_Sym sym;

	for (i = 1; i < nr; i++) {
		symbol = dw->dwfl_module_getsym_info(module, i, &sym, &value, NULL, NULL, NULL);
		if (!symbol || !is_name(symbol, name) || !has_address(&sym))
			continue;
		if (found && GELF_ST_BIND(sym.st_info) == STB_LOCAL)
			continue;
		*address = value;
		found = true;
		if (GELF_ST_BIND(sym.st_info) != STB_LOCAL)
			break;
	}
	return found;
}

static int visit(Dwfl_Module *module, void **userdata, const char *name, Dwarf_Addr start,
		 void *arg)
{
	struct search *search = arg;
	size_t used = strlen(search->where);
	__u64 address;

	(void)userdata;
	(void)start;
	if (*search->object && !is_object(name, search->object))
		return DWARF_CB_OK;
	search->objects++;
	if (!find_in_module(module, search->name, &address))
		return DWARF_CB_OK;
	snprintf(search->where + used, search->size - used, "%s%s", used ? ", " : "",
		 last_component(name));
	if (!search->found++)
		search->address = address;
	else if (search->address == address)
		search->found--;
	if (strcmp(name, search->program))
		return DWARF_CB_OK;
	/* A symbol of the program takes precedence over those of libraries. */
	search->address = address;
	search->found = 1;
	return DWARF_CB_ABORT;
}

static void find_program(pid_t pid, char *path, size_t size)
{
	char link[32];
	ssize_t len;

	snprintf(link, sizeof(link), "/proc/%d/exe", (int)pid);
	len = readlink(link, path, size - 1);
	path[len < 0 ? 0 : len] = '\0';
}

static FILE *open_maps(const struct vmwalk_device *dev)
{
	int fd = vmwalk_device_book(dev, "maps");
	FILE *maps = fd < 0 ? NULL : fdopen(fd, "r");

	if (!maps && fd >= 0)
		close(fd);
	return maps;
}

/*
 * Do not use dwfl_linux_proc_report(): with it, libdwfl reads the vDSO through
 * /proc/PID/mem, which would fault pages into the process.
 */
static int report_modules(Dwfl *dwfl, const struct vmwalk_device *dev)
{
	FILE *maps = open_maps(dev);
	int error;

	if (!maps)
		return -1;
	error = dw->dwfl_linux_proc_maps_report(dwfl, maps);
	fclose(maps);
	return error;
}

static enum symbol_result run_search(Dwfl *dwfl, const struct vmwalk_device *dev,
				     struct search *search)
{
	if (report_modules(dwfl, dev) || dw->dwfl_report_end(dwfl, NULL, NULL))
		return SYMBOL_UNREADABLE;
	dw->dwfl_getmodules(dwfl, visit, search, 0);
	if (!search->objects)
		return SYMBOL_NO_OBJECT;
	if (!search->found)
		return SYMBOL_NONE;
	return search->found == 1 ? SYMBOL_FOUND : SYMBOL_AMBIGUOUS;
}

static Dwfl *begin(void)
{
	static Dwfl_Callbacks callbacks;

	dw = libdw_load();
	if (!dw)
		return NULL;
	callbacks.find_elf = dw->dwfl_linux_proc_find_elf;
	/* Use local debug files only: debuginfod would download them. */
	callbacks.find_debuginfo = dw->dwfl_standard_find_debuginfo;
	unsetenv("DEBUGINFOD_URLS");
	return dw->dwfl_begin(&callbacks);
}

enum symbol_result symbols_find(const struct vmwalk_device *dev, pid_t pid, const char *object,
				const char *name, __u64 *address, char *where, size_t size)
{
	struct search search = { .object = object, .name = name, .where = where, .size = size };
	enum symbol_result result;
	Dwfl *dwfl;

	find_program(pid, search.program, sizeof(search.program));
	where[0] = '\0';
	dwfl = begin();
	if (!dwfl && !dw) {
		snprintf(where, size, "%s", elf_library_missing());
		return SYMBOL_NO_LIBRARY;
	}
	if (!dwfl)
		return SYMBOL_UNREADABLE;
	result = run_search(dwfl, dev, &search);
	*address = search.address;
	dw->dwfl_end(dwfl);
	return result;
}

struct symbols {
	Dwfl *dwfl;
};

struct symbols *symbols_open(void)
{
	struct symbols *symbols = calloc(1, sizeof(*symbols));

	if (!symbols)
		return NULL;
	symbols->dwfl = begin();
	if (symbols->dwfl)
		return symbols;
	free(symbols);
	return NULL;
}

/*
 * Return NULL on error, and for empty maps: the process has exited, and its modules stay
 * listed. The stream reads @text: close it before @text is freed.
 */
static FILE *copy_maps(const struct vmwalk_device *dev, char **text)
{
	FILE *maps = open_maps(dev);
	size_t room = 0;
	ssize_t len;

	*text = NULL;
	if (!maps)
		return NULL;
	len = getdelim(text, &room, '\0', maps);
	fclose(maps);
	return len > 0 ? fmemopen(*text, len, "r") : NULL;
}

/* It is cheap to list again: libdwfl keeps the symbols of modules that it had before. */
int symbols_list(struct symbols *symbols, const struct vmwalk_device *dev)
{
	int error = -1;
	FILE *maps;
	char *text;

	if (!symbols)
		return -1;
	maps = copy_maps(dev, &text);
	if (maps) {
		dw->dwfl_report_begin(symbols->dwfl);
		error = dw->dwfl_linux_proc_maps_report(symbols->dwfl, maps);
		error |= dw->dwfl_report_end(symbols->dwfl, NULL, NULL);
		fclose(maps);
	}
	free(text);
	return error ? -1 : 0;
}

bool symbols_name(struct symbols *symbols, __u64 address, char *buf, size_t size)
{
	Dwfl_Module *module = symbols ? dw->dwfl_addrmodule(symbols->dwfl, address) : NULL;
	const char *object, *name;
	Dwarf_Addr start;
	GElf_Off offset;
	GElf_Sym sym;

	buf[0] = '\0';
	if (!module)
		return false;
	object = dw->dwfl_module_info(module, NULL, &start, NULL, NULL, NULL, NULL, NULL);
	name = dw->dwfl_module_addrinfo(module, address, &offset, &sym, NULL, NULL, NULL);
	object = object ? last_component(object) : "?";
	if (name)
		snprintf(buf, size, "%s:%.*s+%#llx", object, (int)strcspn(name, "@"), name,
			 (unsigned long long)offset);
	else
		snprintf(buf, size, "%s+%#llx", object, (unsigned long long)(address - start));
	return true;
}

void symbols_close(struct symbols *symbols)
{
	if (symbols)
		dw->dwfl_end(symbols->dwfl);
	free(symbols);
}

#else

bool symbols_built_in(void)
{
	return false;
}

enum symbol_result symbols_find(const struct vmwalk_device *dev, pid_t pid, const char *object,
				const char *name, __u64 *address, char *where, size_t size)
{
	(void)dev;
	(void)pid;
	(void)object;
	(void)name;
	(void)address;
	(void)where;
	(void)size;
	return SYMBOL_NO_SUPPORT;
}

struct symbols *symbols_open(void)
{
	return NULL;
}

int symbols_list(struct symbols *symbols, const struct vmwalk_device *dev)
{
	(void)symbols;
	(void)dev;
	return -1;
}

bool symbols_name(struct symbols *symbols, __u64 address, char *buf, size_t size)
{
	(void)symbols;
	(void)address;
	(void)size;
	buf[0] = '\0';
	return false;
}

void symbols_close(struct symbols *symbols)
{
	(void)symbols;
}

#endif
