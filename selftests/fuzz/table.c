// SPDX-License-Identifier: GPL-2.0
/* The fuzzer: the calls and their contract, as table.awk reads them from the header. */
#include <errno.h>
#include "fuzz.h"
#include "table.h"
