/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The last word of each enum of uapi/linux that the library or the command has a table
 * for. Private: a program that is built with them would break its bounds with the next
 * word. "lint.sh rooms" compares them with the enums.
 */
#ifndef VMWALK_LAST_WORDS_H
#define VMWALK_LAST_WORDS_H

#define VMWALK_CLASS_LAST	VMWALK_CLASS_CHANGED
#define VMWALK_KIND_LAST	VMWALK_KIND_CHANGED
#define VMWALK_VMA_LAST		VMWALK_VMA_GU
#define VMWALK_EVENT_LAST	VMWALK_EVENT_EXCEPTION
#define VMWALK_ENDED_LAST	VMWALK_ENDED_INTERRUPTED
#define VMWALK_TRIED_LAST	VMWALK_TRIED_EXEC

#endif
