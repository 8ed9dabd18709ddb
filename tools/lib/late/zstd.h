/* SPDX-License-Identifier: GPL-2.0 */
/* The functions of libzstd.so.1 that the library uses, under their usual names */
#ifndef VMWALK_LATE_ZSTD_H
#define VMWALK_LATE_ZSTD_H

#include <zstd.h>

#include "late.h"

#ifndef VMWALK_LINKED
struct vmwalk_zstd_calls {
	__typeof__(ZSTD_isError) *isError;
	__typeof__(ZSTD_createCCtx) *createCCtx;
	__typeof__(ZSTD_freeCCtx) *freeCCtx;
	__typeof__(ZSTD_CCtx_setParameter) *CCtx_setParameter;
	__typeof__(ZSTD_compressStream2) *compressStream2;
	__typeof__(ZSTD_createDCtx) *createDCtx;
	__typeof__(ZSTD_freeDCtx) *freeDCtx;
	__typeof__(ZSTD_DCtx_setParameter) *DCtx_setParameter;
	__typeof__(ZSTD_decompressStream) *decompressStream;
};

/* Valid once vmwalk_zstd_load() has returned true */
extern struct vmwalk_zstd_calls vmwalk_zstd;

#define ZSTD_isError	(vmwalk_zstd.isError)
#define ZSTD_createCCtx	(vmwalk_zstd.createCCtx)
#define ZSTD_freeCCtx	(vmwalk_zstd.freeCCtx)
#define ZSTD_CCtx_setParameter	(vmwalk_zstd.CCtx_setParameter)
#define ZSTD_compressStream2	(vmwalk_zstd.compressStream2)
#define ZSTD_createDCtx	(vmwalk_zstd.createDCtx)
#define ZSTD_freeDCtx	(vmwalk_zstd.freeDCtx)
#define ZSTD_DCtx_setParameter	(vmwalk_zstd.DCtx_setParameter)
#define ZSTD_decompressStream	(vmwalk_zstd.decompressStream)
#endif

#endif
