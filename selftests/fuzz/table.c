// SPDX-License-Identifier: GPL-2.0
/* The Makefile generates table.h from linux/vmwalk.h by table.awk. */
#include <errno.h>
#include "fuzz.h"
#include "table.h"
