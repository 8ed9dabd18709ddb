// SPDX-License-Identifier: GPL-2.0
/* table.h is generated: table.awk makes it from linux/vmwalk.h at each build. */
#include <errno.h>
#include "fuzz.h"
#include "table.h"
