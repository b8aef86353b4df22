// Where our own control group is, by what the kernel writes of it.

#include "check.h"

static int path_of(const char *mountinfo, const char *groups, char *path, size_t size) {
    char line[2048];
    struct csb_mounted mounted;
    snprintf(line, sizeof line, "%s", mountinfo);
    return csb_mount_parse(line, &mounted) ? csb_group_path(&mounted, groups, path, size) : -EINVAL;
}

static const char version2[] = "41 31 0:38 / /sys/fs/cgroup rw,relatime - cgroup2 cgroup2 rw";

static void finds_the_group(void) {
    char path[1100];
    EXPECT(!path_of(version2, "9:name=systemd:/\n0::/system.slice/godwit.service\n", path, sizeof path));
    EXPECT(!strcmp(path, "/sys/fs/cgroup/system.slice/godwit.service"));
    const char first[] = "35 31 0:32 / /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory";
    EXPECT(!path_of(first, "4:memory:/a/b\n2:cpuacct:/c\n", path, sizeof path));
    EXPECT(!strcmp(path, "/sys/fs/cgroup/memory/a/b"));
    // A container's mount shows only its own part.
    const char part[] = "35 31 0:32 /docker/1 /sys/fs/cgroup/memory rw - cgroup cgroup rw,memory";
    EXPECT(!path_of(part, "4:memory:/docker/1/x\n", path, sizeof path));
    EXPECT(!strcmp(path, "/sys/fs/cgroup/memory/x"));
    EXPECT(!path_of(part, "4:memory:/docker/10\n", path, sizeof path));
    EXPECT(!strcmp(path, "/sys/fs/cgroup/memory"));
    EXPECT(!path_of("1 1 0:1 / /my\\040groups rw - cgroup2 cgroup2 rw", "0::/a\n", path, sizeof path));
    EXPECT(!strcmp(path, "/my groups/a"));
}

static void refuses_to_climb(void) {
    char path[1100];
    EXPECT(path_of(version2, "0::/../../neighbour\n", path, sizeof path) == -EXDEV);
    EXPECT(path_of(version2, "0::/a/..\n", path, sizeof path) == -EXDEV);
    EXPECT(path_of("1 1 0:1 /.. /sys/fs/cgroup rw - cgroup2 cgroup2 rw", "0::/\n", path, sizeof path) == -EXDEV);
    EXPECT(!path_of(version2, "0::/a../..b/...\n", path, sizeof path));
}

static void never_cuts_a_name(void) {
    char groups[700], path[1100], line[1400], name[512];
    memset(name, 'n', sizeof name);
    snprintf(groups, sizeof groups, "0::/%.511s\n", name);
    EXPECT(path_of(version2, groups, path, sizeof path) == -ENAMETOOLONG);
    snprintf(groups, sizeof groups, "0::/%.300s\n", name);
    EXPECT(path_of(version2, groups, path, 200) == -ENAMETOOLONG);
    snprintf(line, sizeof line, "1 1 0:1 /%.511s /sys/fs/cgroup rw - cgroup2 cgroup2 rw", name);
    EXPECT(path_of(line, "0::/\n", path, sizeof path) == -EINVAL);
}

const struct check path_checks[] = {
    {"own group: found", finds_the_group},
    {"own group: what lies outside of the mount is refused", refuses_to_climb},
    {"own group: a name is never cut", never_cuts_a_name},
    {NULL, NULL},
};
