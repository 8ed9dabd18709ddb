/* SPDX-License-Identifier: GPL-2.0 */
/*
 * The last word of each enum of uapi/linux that the module treats as a whole. They are not
 * part of the ABI, where they would change with each new word. "lint.sh rooms" compares
 * them with the enums.
 */
#ifndef VMWALK_LAST_WORDS_H
#define VMWALK_LAST_WORDS_H

#define VMWALK_EVENT_LAST	VMWALK_EVENT_EXCEPTION
#define VMWALK_ENDED_LAST	VMWALK_ENDED_INTERRUPTED
#define VMWALK_TRIED_LAST	VMWALK_TRIED_EXEC
#define VMWALK_LOST_LAST	VMWALK_LOST_SLOT
#define VMWALK_SEL_LAST		VMWALK_SEL_EXCLUSIVE

#endif
