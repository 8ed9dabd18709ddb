// SPDX-License-Identifier: GPL-2.0
#include <errno.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "kselftest_harness.h"
#include "last_words.h"
#include "libvmwalk.h"

TEST(a_comm_may_hold_parentheses_blanks_and_newlines)
{
	struct vmwalk_target target = { 0 };

	ASSERT_EQ(vmwalk_target_parse("7 (a) S\n (b)) R 1 7 7 0 -1 4194304 0", &target), 0);
	EXPECT_STREQ(target.comm, "a) S\n (b)");
	EXPECT_EQ(target.state, 'R');
	EXPECT_FALSE(target.kernel_thread);
	ASSERT_EQ(vmwalk_target_parse("2 (kthreadd) S 0 0 0 0 -1 2129984 0", &target), 0);
	EXPECT_TRUE(target.kernel_thread);
	EXPECT_NE(vmwalk_target_parse("nonsense", &target), 0);
	EXPECT_NE(vmwalk_target_parse("1 (x) R", &target), 0);
}

TEST(a_process_is_told_by_its_name_alone_or_with_its_owner)
{
	struct vmwalk_target all, name;
	pid_t child = fork();

	if (!child)
		_exit(0);
	ASSERT_EQ(vmwalk_target_read(getpid(), &all), VMWALK_OK);
	ASSERT_EQ(vmwalk_target_name(getpid(), &name), VMWALK_OK);
	EXPECT_STREQ(name.comm, "test_proc");
	EXPECT_EQ(name.pid, getpid());
	EXPECT_EQ(all.tgid, getpid());
	EXPECT_EQ(all.uid, getuid());
	all.tgid = 0;
	all.uid = 0;
	EXPECT_EQ(memcmp(&all, &name, sizeof(all)), 0);
	ASSERT_EQ(waitid(P_PID, child, NULL, WEXITED | WNOWAIT), 0);
	EXPECT_EQ(vmwalk_target_name(child, &name), VMWALK_ERR_ZOMBIE);
	EXPECT_EQ(waitpid(child, NULL, 0), child);
	EXPECT_EQ(vmwalk_target_name(child, &name), VMWALK_ERR_NO_PROCESS);
	EXPECT_EQ(vmwalk_target_read(child, &all), VMWALK_ERR_NO_PROCESS);
}

TEST(a_line_of_maps_is_taken_apart)
{
	static const char text[] =
		"7f00-8f00 r-xs 00001000 fe:0a 77                         /a b\\012c (deleted)\n"
		"ffffffffff600000-ffffffffff601000 --xp 00000000 00:00 0  [vsyscall]\n";
	struct vmwalk_maps maps;

	ASSERT_EQ(vmwalk_maps_parse(&maps, strdup(text)), 0);
	ASSERT_EQ(maps.nr, 2);
	EXPECT_EQ(maps.line[0].start, 0x7f00);
	EXPECT_EQ(maps.line[0].end, 0x8f00);
	EXPECT_EQ(maps.line[0].offset, 0x1000);
	EXPECT_EQ(maps.line[0].major, 0xfe);
	EXPECT_EQ(maps.line[0].minor, 0x0a);
	EXPECT_EQ(maps.line[0].inode, 77);
	EXPECT_STREQ(maps.line[0].perms, "r-xs");
	EXPECT_STREQ(maps.line[0].name, "/a b\\012c (deleted)");
	EXPECT_EQ(vmwalk_maps_at(&maps, 0x8eff), &maps.line[0]);
	EXPECT_EQ(vmwalk_maps_at(&maps, 0x8f00), NULL);
	EXPECT_EQ(vmwalk_maps_at(&maps, 0xffffffffff600123ULL), &maps.line[1]);
	vmwalk_maps_free(&maps);
	EXPECT_EQ(vmwalk_maps_parse(&maps, strdup("garbage\n")), -EINVAL);
}

TEST(a_swap_area_is_named_only_when_it_is_certain)
{
	static const char two[] = "Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n"
		"/dev/zram0                              partition\t1024\t\t0\t\t100\n"
		"/swap\\040file                            file\t\t1048576\t\t0\t\t-2\n";
	struct vmwalk_swaps swaps;

	vmwalk_swaps_parse(&swaps, strdup(two), 4096);
	ASSERT_EQ(swaps.nr, 2);
	EXPECT_STREQ(swaps.name[0], "/dev/zram0");
	EXPECT_STREQ(swaps.name[1], "/swap\\040file");
	EXPECT_EQ(swaps.pages[0], 256);
	/*
	 * swapon() gives the lowest free type, so an entry of type 0 is in the first
	 * area.
	 */
	EXPECT_EQ(vmwalk_swaps_candidates(&swaps, 0, 5), 1);
	/* Type 1 is the second line, or the first one if swapoff() has freed type 0. */
	EXPECT_EQ(vmwalk_swaps_candidates(&swaps, 1, 5), 3);
	/* Slot 1000 is beyond the end of the first area. */
	EXPECT_EQ(vmwalk_swaps_candidates(&swaps, 1, 1000), 2);
	EXPECT_EQ(vmwalk_swaps_candidates(&swaps, 0, 1000), 0);
	vmwalk_swaps_free(&swaps);
}

TEST(every_class_kind_and_level_has_a_word)
{
	for (int i = 0; i <= VMWALK_CLASS_LAST; i++)
		EXPECT_STRNE(vmwalk_class_name(i), "?");
	for (int i = 0; i <= VMWALK_KIND_LAST; i++)
		EXPECT_STRNE(vmwalk_kind_name(i), "?");
	for (int i = 0; i < VMWALK_LEVELS; i++)
		EXPECT_STRNE(vmwalk_level_name(i), "?");
	EXPECT_STREQ(vmwalk_class_name(200), "?");
	EXPECT_STREQ(vmwalk_kind_name(200), "?");
	EXPECT_STREQ(vmwalk_level_name(VMWALK_LEVEL_NONE), "?");
}

TEST(every_vma_flag_has_its_two_letters_of_smaps)
{
	__u64 all = 0;

	for (const struct vmwalk_word *word = vmwalk_vma_words; word->mask; word++) {
		EXPECT_EQ(strlen(word->word), 2);
		EXPECT_EQ(all & word->mask, 0);
		all |= word->mask;
	}
	EXPECT_EQ(all, 2 * VMWALK_VMA_BIT(VMWALK_VMA_LAST) - 1);
}

TEST(memory_types_have_the_words_of_the_manuals)
{
	struct vmwalk_caps caps = {
		.arch = VMWALK_ARCH_X86_64, .memory_types = 0x0407050600070106,
	};

	EXPECT_STREQ("WB", vmwalk_arch_memory_type(&caps, 0));
	EXPECT_STREQ("WC", vmwalk_arch_memory_type(&caps, 1));
	EXPECT_STREQ("UC-", vmwalk_arch_memory_type(&caps, 2));
	EXPECT_STREQ("UC", vmwalk_arch_memory_type(&caps, 3));
	EXPECT_STREQ("WP", vmwalk_arch_memory_type(&caps, 5));
	EXPECT_STREQ("WT", vmwalk_arch_memory_type(&caps, 7));
	EXPECT_EQ(NULL, vmwalk_arch_memory_type(&caps, 8));
	caps.arch = VMWALK_ARCH_ARM64;
	caps.memory_types = 0x000c080400bb44ff;
	EXPECT_STREQ("Normal-WB", vmwalk_arch_memory_type(&caps, 0));
	EXPECT_STREQ("Normal-NC", vmwalk_arch_memory_type(&caps, 1));
	EXPECT_STREQ("Normal-WT", vmwalk_arch_memory_type(&caps, 2));
	EXPECT_STREQ("Device-nGnRnE", vmwalk_arch_memory_type(&caps, 3));
	EXPECT_STREQ("Device-nGnRE", vmwalk_arch_memory_type(&caps, 4));
	EXPECT_STREQ("Device-nGRE", vmwalk_arch_memory_type(&caps, 5));
	EXPECT_STREQ("Device-GRE", vmwalk_arch_memory_type(&caps, 6));
	EXPECT_EQ(NULL, vmwalk_arch_memory_type(&caps, 8));
	caps.memory_types = 0x12f0;
	EXPECT_STREQ("Normal-WB-tagged", vmwalk_arch_memory_type(&caps, 0));
	EXPECT_STREQ("?", vmwalk_arch_memory_type(&caps, 1));
	/* A module that does not tell them yet */
	caps.memory_types = 0;
	EXPECT_EQ(NULL, vmwalk_arch_memory_type(&caps, 0));
	caps.arch = VMWALK_ARCH_RISCV64;
	EXPECT_EQ(NULL, vmwalk_arch_memory_type(&caps, 0));
	caps.features = VMWALK_FEATURE_SVPBMT;
	EXPECT_STREQ("IO", vmwalk_arch_memory_type(&caps, 2));
	EXPECT_EQ(NULL, vmwalk_arch_memory_type(&caps, 3));
	caps.arch = 0;
	EXPECT_EQ(NULL, vmwalk_arch_memory_type(&caps, 0));
}

TEST(words_are_joined_and_cut_to_the_buffer)
{
	char buf[128], small[8];

	EXPECT_STREQ(vmwalk_words_join(buf, sizeof(buf), vmwalk_entry_words,
				       VMWALK_E_PRESENT | VMWALK_E_DIRTY, " "), "present dirty");
	EXPECT_STREQ(vmwalk_words_join(small, sizeof(small), vmwalk_entry_words,
				       VMWALK_E_PRESENT | VMWALK_E_DIRTY, " "), "present");
	EXPECT_STREQ(vmwalk_words_join(buf, sizeof(buf), vmwalk_entry_words, 0, " "), "");
}

TEST(one_bit_of_kpageflags_means_exclusive_of_an_anonymous_page)
{
	char buf[128];

	vmwalk_words_join(buf, sizeof(buf), vmwalk_page_words,
			  vmwalk_page_flags(1ULL << 34 | 1 << 12), " ");
	EXPECT_STREQ(buf, "anonymous anon_exclusive");
	vmwalk_words_join(buf, sizeof(buf), vmwalk_page_words, vmwalk_page_flags(1ULL << 34), " ");
	EXPECT_STREQ(buf, "mappedtodisk");
}

TEST_HARNESS_MAIN
