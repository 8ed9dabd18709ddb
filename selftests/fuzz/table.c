// SPDX-License-Identifier: GPL-2.0
/*
 * Fuzzer: the calls with their fields and errors, which table.awk reads from the header
 */
#include <errno.h>
#include "fuzz.h"
#include "table.h"
