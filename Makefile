# SPDX-License-Identifier: GPL-2.0
# vmwalk: "make help" lists the targets. Longer recipes are scripts below selftests/.

VERSION := $(shell sed -n 's/^PACKAGE_VERSION="\(.*\)"/\1/p' dkms.conf)
RELEASE := $(shell uname -r)
PREFIX ?= /usr/local
KDIR ?= /lib/modules/$(RELEASE)/build
VM := selftests/vm
INSTALL ?= install

# make passes variables of its command line to the scripts in the environment, so that RUN
# needs no quoting. Do not export them here: unset ones would become empty ones, and the
# kernel's make takes an empty ARCH for an architecture.

all: tools module

help:
	@sed -n 's/^#: //p' $(MAKEFILE_LIST)

#: make               the module for the running kernel (or KDIR=), the library, the command
#: make module        only the module
module:
	@if [ ! -e "$(KDIR)/Makefile" ]; then \
		echo "No kernel headers at $(KDIR), so no module was built for $(RELEASE)." >&2; \
		echo "On Debian, as root: apt install linux-headers-$(RELEASE)" >&2; \
		echo "or name them with KDIR=. make vm and make test bring their own." >&2; \
		exit 1; \
	fi
	@out=build/$$(cat "$(KDIR)/include/config/kernel.release") && \
	$(VM)/module.sh "$(KDIR)" "$(CURDIR)/$$out" && echo "$$out/vmwalk.ko"

#: make tools         only the library and the command
tools:
	@$(MAKE) --no-print-directory -C tools all

#: make deps          install the packages that all targets need (as root; else name them)
deps:
	@$(VM)/deps.sh build vm lint

#: make demo          boot a VM and demonstrate the command there on real processes
demo: export RUN := demo
demo: export TERMINAL := $(shell [ -t 0 ] && echo 1)
demo:
	@$(VM)/vm.sh

#: make vm            a shell in a VM with the module loaded; RUN='command' runs one command
#:                    instead; SHARE=dir is copied to /share; machine: ARCH=x86_64|arm64|
#:                    riscv64, KERNEL=6.12|6.1|7.2|DIR (all are in selftests/vm/kernels.list),
#:                    LEVELS= CPU= SMP= MEM= NUMA= ACCEL=kvm|tcg CMDLINE= TIMEOUT=
vm:
	@$(VM)/vm.sh

#: make test          the tests, on 6.1 and 6.12 with 4 and 5 levels; narrowed by KERNEL=
#:                    ARCH= LEVELS= TESTS='glob…'; ends with "N passed, N failed, N skipped"
test:
	@$(VM)/test.sh

#: make matrix        the tests on every kernel, architecture, page size and number of levels
#:                    of selftests/vm/rows.list; narrowed in the same way; ends with a table
matrix:
	@$(VM)/matrix.sh

#: make debug-test    the tests, the fuzzer and every injected failure on a kernel with KASAN,
#:                    lockdep and more, built the first time; SHORT=1 takes a few minutes
#: make fuzz          only the fuzzer on that kernel, for SECONDS= (300)
#: make fuzz-snapshot  fuzz the loading of snapshots, for SECONDS= (600), on this host
#: make mutants       plant bugs in the module; a test must catch each of them
debug-test:
	@$(VM)/debug-test.sh

fuzz:
	@FUZZ_SECONDS=$(or $(SECONDS),300) LEVELS=$(or $(LEVELS),4) $(VM)/debug-test.sh fuzz

fuzz-snapshot:
	@FUZZ_SECONDS=$(or $(SECONDS),600) selftests/fuzz-snapshot/run.sh

mutants:
	@$(VM)/mutants.sh $(MUTANTS)

#: make bench         cost of reading and watching, compared with /proc and unwatched programs;
#:                    narrowed by BENCH='name…'
bench:
	@bench/run.sh

#: make lint          checkpatch, sparse, coccinelle, clang-tidy, warnings, kernel-doc, shellcheck
lint:
	@selftests/lint/lint.sh

#: make redact-table  module/redact_table.h, from the tags of the fields in uapi/linux
redact-table:
	@awk -f selftests/lint/redact_table.awk uapi/linux/vmwalk.h uapi/linux/vmwalk_netlink.h \
		> module/redact_table.h

#: make install       command, library, headers, manual pages; PREFIX= DESTDIR=; UDEV=1 adds the
#:                    rule that gives /dev/vmwalk to the group vmwalk
#: make uninstall     remove the installed files
install: tools
	$(MAKE) --no-print-directory -C tools install PREFIX=$(PREFIX) DESTDIR=$(DESTDIR)
	for header in vmwalk.h vmwalk_netlink.h; do \
		$(INSTALL) -D -m 644 uapi/linux/$$header \
			$(DESTDIR)$(PREFIX)/include/linux/$$header || exit 1; \
	done
ifdef UDEV
	$(INSTALL) -d $(DESTDIR)/etc/udev/rules.d
	echo 'KERNEL=="vmwalk", GROUP="vmwalk", MODE="0660"' > $(DESTDIR)/etc/udev/rules.d/60-vmwalk.rules
endif

# Remove the files that install would create.
uninstall:
	@list=$$(mktemp -d) && $(MAKE) -s install UDEV=1 DESTDIR=$$list >/dev/null && \
	(cd $$list && find . ! -type d) | sed 's#^\.#$(DESTDIR)#' | xargs -d '\n' rm -fv; rm -rf $$list

#: make dkms-install  install the module through DKMS, which rebuilds it for new kernels
dkms-install:
	@command -v dkms >/dev/null || { echo "dkms is missing; as root: apt install dkms" >&2; exit 1; }
	$(INSTALL) -d $(DESTDIR)/usr/src/vmwalk-$(VERSION)
	cp -r Kbuild dkms.conf module uapi $(DESTDIR)/usr/src/vmwalk-$(VERSION)/
	dkms install vmwalk/$(VERSION)

#: make clean         remove build/ (downloads stay in ~/.cache/vmwalk)
clean:
	rm -rf build

.PHONY: all help module tools deps demo vm test matrix debug-test fuzz fuzz-snapshot mutants bench lint redact-table install uninstall dkms-install clean
