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

/*
 * For find_elf(), whose arguments do not say which process it is about: set before each
 * call that may open a file
 */
static struct {
	const struct vmwalk_device *dev;
	const struct vmwalk_maps *maps;
	unsigned int missing;	/* files that could not be opened, or are other ones */
} process;

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

/* Devices and shared memory never had symbols: count what has code among its mappings. */
static bool is_executed(const struct vmwalk_maps_line *line)
{
	const struct vmwalk_maps *maps = process.maps;
	const struct vmwalk_maps_line *at;

	for (at = line; at < maps->line + maps->nr && !strcmp(at->name, line->name); at++)
		if (strchr(at->perms, 'x'))
			return true;
	return false;
}

/*
 * Only the file that the process has mapped: libdwfl's own function would open whatever the
 * path leads to here.
 */
static int find_elf(Dwfl_Module *module, void **userdata, const char *name, Dwarf_Addr base,
		    char **file_name, Elf **elf)
{
	const struct vmwalk_maps_line *line = vmwalk_maps_at(process.maps, base);
	struct vmwalk_vma vma = { 0 };
	int fd = -1;

	(void)module;
	(void)userdata;
	*elf = NULL;
	if (!line || line->name[0] != '/')
		return -1;
	vma.start = line->start;
	vma.end = line->end;
	vma.ino = line->inode;
	vma.dev_major = line->major;
	vma.dev_minor = line->minor;
	fd = vmwalk_mapped_open(process.dev, &vma, line->name);
	if (fd >= 0)
		*file_name = strdup(name);
	else
		process.missing += is_executed(line);
	return fd;
}

static int report(Dwfl *dwfl, const struct vmwalk_maps *maps)
{
	char *text = NULL;
	size_t size, i;
	FILE *lines = open_memstream(&text, &size);
	int error = -1;

	if (!lines)
		return -1;
	for (i = 0; i < maps->nr; i++)
		fprintf(lines, "%s\n", maps->line[i].text);
	if (!fclose(lines) && size)
		lines = fmemopen(text, size, "r");
	else
		lines = NULL;
	if (lines) {
		/*
		 * Not dwfl_linux_proc_report(): with it, libdwfl reads the vDSO through
		 * /proc/PID/mem, which would fault pages into the process.
		 */
		error = dw->dwfl_linux_proc_maps_report(dwfl, lines);
		error |= dw->dwfl_report_end(dwfl, NULL, NULL);
		fclose(lines);
	}
	free(text);
	return error ? -1 : 0;
}

static enum symbol_result run_search(Dwfl *dwfl, struct search *search)
{
	if (report(dwfl, process.maps))
		return SYMBOL_UNREADABLE;
	dw->dwfl_getmodules(dwfl, visit, search, 0);
	if (!search->objects)
		return SYMBOL_NO_OBJECT;
	if (!search->found)
		return process.missing ? SYMBOL_NO_FILE : SYMBOL_NONE;
	return search->found == 1 ? SYMBOL_FOUND : SYMBOL_AMBIGUOUS;
}

static Dwfl *begin(void)
{
	static Dwfl_Callbacks callbacks;
	static char *debug_path = (char *)"/usr/lib/debug";

	dw = libdw_load();
	if (!dw)
		return NULL;
	callbacks.find_elf = find_elf;
	/*
	 * Files with debugging information by build ID alone: a debug link in a file of the
	 * process could lead to anything, such as a FIFO. debuginfod would download them.
	 */
	callbacks.find_debuginfo = dw->dwfl_build_id_find_debuginfo;
	callbacks.debuginfo_path = &debug_path;
	unsetenv("DEBUGINFOD_URLS");
	return dw->dwfl_begin(&callbacks);
}

enum symbol_result symbols_find(const struct vmwalk_device *dev, pid_t pid, const char *object,
				const char *name, __u64 *address, char *where, size_t size)
{
	struct search search = { .object = object, .name = name, .where = where, .size = size };
	struct vmwalk_maps maps = { 0 };
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
	process.dev = dev;
	process.maps = &maps;
	process.missing = 0;
	result = SYMBOL_UNREADABLE;
	if (!vmwalk_maps_read(dev, &maps))
		result = run_search(dwfl, &search);
	*address = search.address;
	dw->dwfl_end(dwfl);
	vmwalk_maps_free(&maps);
	return result;
}

struct symbols {
	Dwfl *dwfl;
	const struct vmwalk_device *dev;
	struct vmwalk_maps maps;	/* as of the last symbols_list() */
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
 * It is cheap to list again: libdwfl keeps the symbols of modules that it had before. Empty
 * maps are those of a process that has exited, whose modules stay listed.
 */
int symbols_list(struct symbols *symbols, const struct vmwalk_device *dev)
{
	struct vmwalk_maps maps = { 0 };

	if (!symbols)
		return -1;
	if (vmwalk_maps_read(dev, &maps) || !maps.nr) {
		vmwalk_maps_free(&maps);
		return -1;
	}
	vmwalk_maps_free(&symbols->maps);
	symbols->maps = maps;
	symbols->dev = dev;
	dw->dwfl_report_begin(symbols->dwfl);
	return report(symbols->dwfl, &symbols->maps);
}

bool symbols_name(struct symbols *symbols, __u64 address, char *buf, size_t size)
{
	Dwfl_Module *module = NULL;
	const char *object, *name;
	Dwarf_Addr start;
	GElf_Off offset;
	GElf_Sym sym;

	buf[0] = '\0';
	if (!symbols)
		return false;
	process.dev = symbols->dev;
	process.maps = &symbols->maps;
	module = dw->dwfl_addrmodule(symbols->dwfl, address);
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
	if (!symbols)
		return;
	dw->dwfl_end(symbols->dwfl);
	vmwalk_maps_free(&symbols->maps);
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
