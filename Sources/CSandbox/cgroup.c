// Finding the control groups in which we may work, and making a folder `godwit-NAME` in each.
//
// Version 2 is used where it offers all of memory, pids and cpu to us; else the hierarchies of version 1; else none.
// We stay below the group we were started in, so that whatever limits the operator set for the node hold for its
// instances too.

#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <sys/vfs.h>
#include <unistd.h>

#define TEXT_MAX 65536

static const struct {
    const char *name;
    unsigned bit;
} controllers[] = {{"memory", CSB_MEMORY}, {"pids", CSB_PIDS}, {"cpu", CSB_CPU}, {"cpuacct", CSB_CPUACCT}};

/// The controllers named in a list separated by commas or blanks.
static unsigned controllers_in(const char *list) {
    unsigned found = 0;
    while (*list) {
        size_t length = strcspn(list, ", \n");
        for (size_t i = 0; i < sizeof controllers / sizeof *controllers; i++) {
            if (strlen(controllers[i].name) == length && !strncmp(list, controllers[i].name, length))
                found |= controllers[i].bit;
        }
        list += length;
        if (*list) list++;
    }
    return found;
}

/// Our own group in the hierarchy with these controllers (0 for version 2), from /proc/self/cgroup. Returns 1 when it
/// is in `path`, 0 when we are in none, -ENAMETOOLONG rather than a part of it, which would be another group's name.
static int own_path(const char *groups, unsigned wanted, char *path, size_t size) {
    for (const char *line = groups; line && *line;) {
        const char *end = strchrnul(line, '\n'), *first = memchr(line, ':', (size_t)(end - line));
        const char *second = first ? memchr(first + 1, ':', (size_t)(end - first - 1)) : NULL;
        if (second) {
            char list[256];
            snprintf(list, sizeof list, "%.*s", (int)(second - first - 1), first + 1);
            bool match = wanted ? (controllers_in(list) & wanted) != 0 : !strncmp(line, "0::", 3);
            if (match) {
                size_t length = (size_t)(end - second - 1);
                if (length >= size) return -ENAMETOOLONG;
                memcpy(path, second + 1, length);
                path[length] = 0;
                return 1;
            }
        }
        line = *end ? end + 1 : NULL;
    }
    return 0;
}

/// Undoes what the kernel does to blanks in the names of mountinfo: three octal digits after a backslash.
static void decode(char *name) {
    char *to = name;
    for (const char *from = name; *from; to++) {
        bool escaped = from[0] == '\\' && from[1] >= '0' && from[1] <= '3' && from[2] >= '0' && from[2] <= '7' &&
                       from[3] >= '0' && from[3] <= '7';
        *to = escaped ? (char)((from[1] - '0') << 6 | (from[2] - '0') << 3 | (from[3] - '0')) : *from;
        from += escaped ? 4 : 1;
    }
    *to = 0;
}

bool csb_mount_parse(char *line, struct csb_mounted *mounted) {
    char *separator = strstr(line, " - ");
    if (!separator) return false;
    *separator = 0;
    // A name that fills its room was cut, and what was cut off would be read as the next one.
    if (sscanf(line, "%*s %*s %*s %511s %511s", mounted->root, mounted->point) != 2) return false;
    if (strlen(mounted->root) == sizeof mounted->root - 1 || strlen(mounted->point) == sizeof mounted->point - 1)
        return false;
    char type[32], options[512];
    if (sscanf(separator + 3, "%31s %*s %511s", type, options) != 2) return false;
    decode(mounted->root);
    decode(mounted->point);
    mounted->version = !strcmp(type, "cgroup2") ? 2 : !strcmp(type, "cgroup") ? 1 : 0;
    mounted->controllers = mounted->version == 1 ? controllers_in(options) : 0;
    return mounted->version != 0;
}

static bool climbs(const char *path) {
    for (const char *part = path; *part;) {
        size_t length = strcspn(part, "/");
        if (length == 2 && !strncmp(part, "..", 2)) return true;
        part += length + (part[length] == '/');
    }
    return false;
}

int csb_group_path(const struct csb_mounted *mounted, const char *groups, char *path, size_t size) {
    char own[512];
    const char *below = "";
    int found = own_path(groups, mounted->version == 1 ? mounted->controllers : 0, own, sizeof own);
    if (found < 0) return found;
    // ".." is how the kernel writes that we are in a group outside of what we are shown. What we are shown is then
    // somebody else's, and its limits are not those that were set for us.
    if (climbs(mounted->root) || (found && climbs(own))) return -EXDEV;
    if (found) {
        size_t length = strcmp(mounted->root, "/") ? strlen(mounted->root) : 0;
        if (!strncmp(own, mounted->root, length) && (own[length] == '/' || !own[length])) below = own + length;
    }
    int length = snprintf(path, size, "%s%s", mounted->point, below);
    return length < 0 || (size_t)length >= size ? -ENAMETOOLONG : 0;
}

/// Opens our own group within a mounted hierarchy; the mount may itself show only a part of it (in a container).
static int open_own(const struct csb_mounted *mounted, const char *groups) {
    char path[1100];
    int result = csb_group_path(mounted, groups, path, sizeof path);
    if (result) return result;
    int own_group = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    // Our path means nothing here when the hierarchy is shown from elsewhere; its top is then all we can see.
    if (own_group < 0 && errno == ENOENT) own_group = open(mounted->point, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (own_group < 0) return -errno;
    // Something else may be mounted over it: no folder of ours is made there.
    struct statfs status;
    if (fstatfs(own_group, &status)) result = -errno;
    else if (status.f_type != CGROUP_SUPER_MAGIC && status.f_type != CGROUP2_SUPER_MAGIC) result = -ENOTSUP;
    if (!result) return own_group;
    close(own_group);
    return result;
}

/// Claims our folder, so that no two spawners of one name sweep away each other's instances: -EADDRINUSE while another
/// has it, -EAGAIN while one that is about to end has it. Both locks end with the process that holds them: `base` is
/// kept to the end, `alive` until the node is gone.
static int claim(int parent, const char *name, int base, int *alive) {
    struct stat here, there;
    *alive = openat(base, "cgroup.procs", O_RDONLY | O_CLOEXEC);
    if (*alive < 0) return -errno;
    if (flock(base, LOCK_EX | LOCK_NB)) {
        if (errno != EWOULDBLOCK) return -errno;
        // Only those who look want it for themselves, and only for this moment.
        return flock(*alive, LOCK_EX | LOCK_NB) ? -EADDRINUSE : -EAGAIN;
    }
    // The one before us removes its folder at its end: that we opened may be gone, and its name free or another's.
    if (fstat(base, &here) || fstatat(parent, name, &there, AT_SYMLINK_NOFOLLOW) || here.st_ino != there.st_ino)
        return -EAGAIN;
    return flock(*alive, LOCK_SH) ? -errno : 0;
}

/// Makes our folder below `parent` (which it takes) and clears what an earlier run of this name left there.
static int add_tree(struct csb_cgroups *cgroups, int parent, unsigned offered) {
    struct csb_tree *tree = &cgroups->trees[cgroups->count];
    if (mkdirat(parent, cgroups->name, 0755) && errno != EEXIST) {
        int error = errno;
        close(parent);
        return -error;
    }
    int alive = -1, base = openat(parent, cgroups->name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
    // Gone again between the two: it was that of a spawner which ends.
    int result = base >= 0 ? 0 : errno == ENOENT ? -EAGAIN : -errno;
    if (!result) result = claim(parent, cgroups->name, base, &alive);
    if (!result && faccessat(base, "cgroup.procs", W_OK, AT_EACCESS)) result = -errno;
    if (!result) result = csb_group_sweep(base, cgroups->sweep_until);
    if (result) {
        csb_close(&alive);
        csb_close(&base);
        close(parent);
        return result;
    }
    *tree = (struct csb_tree){.controllers = offered, .parent = parent, .base = base, .alive = alive};
    cgroups->count++;
    cgroups->controllers |= offered;
    return 0;
}

/// Lets all instances together weigh as much as a process for each processor, `one` being what one weighs: by default they
/// are like a single process beside the node's threads, and on a processor that few of them are on like a part of one,
/// which then waits for tens of milliseconds. Without it they run all the same.
static void weigh(const struct csb_tree *tree, const char *file, long one, long most) {
    char weight[32];
    if (!(tree->controllers & CSB_CPU)) return;
    const long processors = sysconf(_SC_NPROCESSORS_ONLN), wanted = one * (processors > 1 ? processors : 1);
    snprintf(weight, sizeof weight, "%ld", wanted < most ? wanted : most);
    (void)csb_write_at(tree->base, file, weight);
}

/// In version 2 a group hands controllers on only while no process is in it. If the node and we are alone there,
/// as in a service unit with Delegate=yes, we step aside into a leaf; anybody else's processes are left where they are.
static int step_aside(int own, const char *name) {
    char procs[4096], leaf[128], path[160];
    ssize_t length = csb_read_at(own, "cgroup.procs", procs, sizeof procs);
    if (length < 0) return (int)length;
    for (char *at = procs; *at;) {
        long pid = strtol(at, &at, 10);
        if (pid != getpid() && pid != getppid()) return -EBUSY;
        while (*at == '\n') at++;
    }
    snprintf(leaf, sizeof leaf, "%s.node", name);
    snprintf(path, sizeof path, "%s/cgroup.procs", leaf);
    if (mkdirat(own, leaf, 0755) && errno != EEXIST) return -errno;
    char pid[16];
    snprintf(pid, sizeof pid, "%d", getppid());
    int result = csb_write_at(own, path, pid);
    return result ? result : csb_write_at(own, path, "0");
}

static int open_version2(struct csb_cgroups *cgroups, const struct csb_mounted *mounted, const char *groups) {
    char offered[1024];
    int own = open_own(mounted, groups);
    if (own < 0) return own;
    ssize_t length = csb_read_at(own, "cgroup.controllers", offered, sizeof offered);
    unsigned wanted = length < 0 ? 0 : controllers_in(offered) & (CSB_MEMORY | CSB_PIDS | CSB_CPU);
    if (!wanted) {
        close(own);
        return -ENOTSUP;
    }
    for (size_t i = 0; i < 3; i++) {
        char order[32];
        if (!(wanted & controllers[i].bit)) continue;
        snprintf(order, sizeof order, "+%s", controllers[i].name);
        int result = csb_write_at(own, "cgroup.subtree_control", order);
        if (result == -EBUSY && !step_aside(own, cgroups->name))
            result = csb_write_at(own, "cgroup.subtree_control", order);
        if (result) {
            close(own);
            return result;
        }
    }
    int result = add_tree(cgroups, own, wanted);
    if (result) return result;
    // And once more, from our folder to the instances' groups in it.
    for (size_t i = 0; i < 3; i++) {
        char order[32];
        if (!(wanted & controllers[i].bit)) continue;
        snprintf(order, sizeof order, "+%s", controllers[i].name);
        result = csb_write_at(cgroups->trees[0].base, "cgroup.subtree_control", order);
        if (result) {
            cgroups->controllers &= ~controllers[i].bit;
            cgroups->trees[0].controllers &= ~controllers[i].bit;
        }
    }
    weigh(&cgroups->trees[0], "cpu.weight", 100, 10000);
    // CPU time is in cpu.stat of every group, whether or not the cpu controller is there.
    cgroups->controllers |= CSB_CPUACCT;
    cgroups->version = 2;
    return 0;
}

static int open_version1(struct csb_cgroups *cgroups, const struct csb_mounted *mounted, const char *groups) {
    unsigned wanted = mounted->controllers & ~cgroups->controllers;
    if (!wanted || cgroups->count == CSB_TREES_MAX) return -ENOENT;
    int own = open_own(mounted, groups);
    if (own < 0) return own;
    int result = add_tree(cgroups, own, wanted);
    if (result) return result;
    weigh(&cgroups->trees[cgroups->count - 1], "cpu.shares", 1024, 262144);
    cgroups->version = 1;
    return 0;
}

int csb_cgroups_open(struct csb_cgroups *cgroups, const char *name, bool root) {
    memset(cgroups, 0, sizeof *cgroups);
    snprintf(cgroups->name, sizeof cgroups->name, "godwit-%s", name);
    // One bound for all hierarchies: the same processes are in each.
    cgroups->sweep_until = csb_now() + UINT64_C(1000000000);
    char *mounts = malloc(TEXT_MAX), *groups = malloc(TEXT_MAX);
    int result = mounts && groups ? 0 : -ENOMEM, refused = 0;
    ssize_t length = 0;
    if (!result && (length = csb_read_at(AT_FDCWD, "/proc/self/mountinfo", mounts, TEXT_MAX)) < 0) result = (int)length;
    if (!result && (length = csb_read_at(AT_FDCWD, "/proc/self/cgroup", groups, TEXT_MAX)) < 0) result = (int)length;
    // Version 2 first: it is used whole or not at all, since a controller lives in one version only.
    for (int version = 2; !result && version >= 1 && !cgroups->count; version--) {
        for (char *line = mounts; !result && line && *line;) {
            char *end = strchr(line, '\n'), copy[2048];
            snprintf(copy, sizeof copy, "%.*s", (int)(end ? end - line : (long)strlen(line)), line);
            struct csb_mounted mounted;
            if (csb_mount_parse(copy, &mounted) && mounted.version == version) {
                int error = version == 2 ? open_version2(cgroups, &mounted, groups)
                                         : open_version1(cgroups, &mounted, groups);
                if (error == -EADDRINUSE || error == -EAGAIN) result = error;
                if (error && error != -ENOENT && error != -ENOTSUP) refused = -error;
                if (!error && version == 2) break;
            }
            line = end ? end + 1 : NULL;
        }
    }
    free(mounts);
    free(groups);
    if (refused && cgroups->controllers != (CSB_MEMORY | CSB_PIDS | CSB_CPU | CSB_CPUACCT))
        snprintf(cgroups->detail, sizeof cgroups->detail, "%s: %s", root ? "refused" : "not delegated to this user",
                 strerror(refused));
    if (result) csb_cgroups_close(cgroups);
    return result;
}

void csb_cgroups_leave(struct csb_cgroups *cgroups) {
    for (size_t i = 0; i < cgroups->count; i++) csb_close(&cgroups->trees[i].alive);
}

void csb_cgroups_close(struct csb_cgroups *cgroups) {
    const uint64_t until = csb_now() + UINT64_C(500000000);
    for (size_t i = 0; i < cgroups->count; i++) {
        struct csb_tree *tree = &cgroups->trees[i];
        // What cannot be removed now (a process in an uninterruptible wait) is swept by the next run of this name.
        (void)csb_group_sweep(tree->base, until);
        (void)unlinkat(tree->parent, cgroups->name, AT_REMOVEDIR);
        csb_close(&tree->alive);
        close(tree->base);
        close(tree->parent);
    }
    cgroups->count = 0;
    cgroups->controllers = 0;
    cgroups->version = 0;
}
