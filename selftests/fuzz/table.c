// SPDX-License-Identifier: GPL-2.0
/* Fuzzer: the calls and their contract, generated from the header by table.awk */
#include <errno.h>
#include "fuzz.h"
#include "table.h"
