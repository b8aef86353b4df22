// The groups of one instance: made before they are needed, limited at the start, read and removed at the end.
// They are named by the slot, below our folder in each hierarchy.

#include "internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif
#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#define PATH_SIZE 96
/// Groups within groups that a sweep follows; each costs a descriptor while it is there.
#define SWEEP_DEPTH 16

static const char *in_slot(char path[PATH_SIZE], uint32_t slot, const char *file) {
    snprintf(path, PATH_SIZE, "%u/%s", slot, file);
    return path;
}

/// The folder of the hierarchy that has `controller`, or -1.
static int base_of(const struct csb_cgroups *cgroups, unsigned controller) {
    for (size_t i = 0; i < cgroups->count; i++)
        if (cgroups->trees[i].controllers & controller) return cgroups->trees[i].base;
    return -1;
}

int csb_group_prepare(const struct csb_cgroups *cgroups, uint32_t slot, struct csb_group *group) {
    char path[PATH_SIZE];
    *group = (struct csb_group){{-1, -1, -1, -1}, -1, -1, -1};
    for (size_t i = 0; i < cgroups->count; i++) {
        int base = cgroups->trees[i].base;
        snprintf(path, sizeof path, "%u", slot);
        // A group that is there already still counts what its last instance used: it has to be a new one.
        if (mkdirat(base, path, 0755) &&
            (errno != EEXIST || unlinkat(base, path, AT_REMOVEDIR) || mkdirat(base, path, 0755))) goto failed;
        if (cgroups->version == 2) {
            group->directory = openat(base, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
            if (group->directory < 0) goto failed;
        }
        // A thread that moves itself alone, which version 1 knows, need not wait for all others to be seen standing still.
        // Moving a process does, and is answered after ten milliseconds where nobody else has moved lately.
        const char *file = cgroups->version == 1 ? "tasks" : "cgroup.procs";
        group->join[i] = openat(base, in_slot(path, slot, file), O_WRONLY | O_CLOEXEC);
        if (group->join[i] < 0) goto failed;
    }
    // These two are a service to the node; an instance can run without them.
    if (cgroups->version == 2) {
        group->cpu = openat(cgroups->trees[0].base, in_slot(path, slot, "cpu.stat"), O_RDONLY | O_CLOEXEC);
        group->memory = openat(cgroups->trees[0].base, in_slot(path, slot, "memory.peak"), O_RDONLY | O_CLOEXEC);
    } else if (cgroups->version == 1) {
        int accounting = base_of(cgroups, CSB_CPUACCT), memory = base_of(cgroups, CSB_MEMORY);
        if (accounting >= 0)
            group->cpu = openat(accounting, in_slot(path, slot, "cpuacct.usage"), O_RDONLY | O_CLOEXEC);
        if (memory >= 0)
            group->memory = openat(memory, in_slot(path, slot, "memory.max_usage_in_bytes"), O_RDONLY | O_CLOEXEC);
    }
    return 0;
failed:;
    int error = errno;
    csb_group_release(group);
    (void)csb_group_remove(cgroups, slot);
    return -error;
}

void csb_group_release(struct csb_group *group) {
    for (size_t i = 0; i < CSB_TREES_MAX; i++) csb_close(&group->join[i]);
    csb_close(&group->directory);
    csb_close(&group->cpu);
    csb_close(&group->memory);
}

int csb_group_take_in(const struct csb_cgroups *cgroups, const struct csb_group *group, pid_t pid) {
    char text[16];
    int length = snprintf(text, sizeof text, "%d", pid);
    for (size_t i = 0; i < cgroups->count; i++)
        if (write(group->join[i], text, (size_t)length) != length) return -EIO;
    return 0;
}

bool csb_group_has(const struct csb_cgroups *cgroups, uint32_t slot, const char *list) {
    char end[160];
    size_t found = 0;
    int length = snprintf(end, sizeof end, "/%s/%u", cgroups->name, slot);
    for (const char *line = list; *line;) {
        const char *next = strchrnul(line, '\n');
        found += next - line > length && !strncmp(next - length, end, (size_t)length);
        line = *next ? next + 1 : next;
    }
    return found >= cgroups->count;
}

static int limit(int base, uint32_t slot, const char *file, const char *format, unsigned long long value) {
    char path[PATH_SIZE], text[64];
    if (base < 0) return 0;
    snprintf(text, sizeof text, format, value);
    return csb_write_at(base, in_slot(path, slot, file), text);
}

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
int csb_group_limit(const struct csb_cgroups *cgroups, uint32_t slot, const struct csb_spawn_request *request) {
    int memory = base_of(cgroups, CSB_MEMORY), cpu = base_of(cgroups, CSB_CPU), pids = base_of(cgroups, CSB_PIDS);
    bool second = cgroups->version == 2;
    int result = limit(pids, slot, "pids.max", "%llu", request->pids);
    if (!result && request->memory_bytes) {
        result = limit(memory, slot, second ? "memory.max" : "memory.limit_in_bytes", "%llu", request->memory_bytes);
        // No swap on top, where the kernel accounts swap at all.
        int swap = result ? 0
                 : second ? limit(memory, slot, "memory.swap.max", "%llu", 0)
                          : limit(memory, slot, "memory.memsw.limit_in_bytes", "%llu", request->memory_bytes);
        if (swap && swap != -ENOENT && swap != -EOPNOTSUPP) result = swap;
        // An instance is one thing: a half-killed one would only answer wrongly.
        if (!result && second) (void)limit(memory, slot, "memory.oom.group", "%llu", 1);
    }
    // Thousandths of a core are hundreds of microseconds in the default period of 100 ms.
    if (!result && request->cpu_milli)
        result = limit(cpu, slot, second ? "cpu.max" : "cpu.cfs_quota_us", second ? "%llu 100000" : "%llu",
                       request->cpu_milli * 100ull);
    return result;
}
#pragma GCC diagnostic pop

void csb_group_usage(const struct csb_cgroups *cgroups, uint32_t slot, struct csb_usage *usage) {
    char path[PATH_SIZE];
    int memory = base_of(cgroups, CSB_MEMORY), pids = base_of(cgroups, CSB_PIDS);
    bool second = cgroups->version == 2;
    int64_t value = -1;
    if (second) {
        value = csb_number_at(cgroups->trees[0].base, in_slot(path, slot, "cpu.stat"), "usage_usec");
        if (value >= 0) usage->cpu_nanoseconds = (uint64_t)value * 1000;
    } else if (base_of(cgroups, CSB_CPUACCT) >= 0) {
        value = csb_number_at(base_of(cgroups, CSB_CPUACCT), in_slot(path, slot, "cpuacct.usage"), NULL);
        if (value >= 0) usage->cpu_nanoseconds = (uint64_t)value;
    }
    if (memory >= 0) {
        value = csb_number_at(memory, in_slot(path, slot, second ? "memory.peak" : "memory.max_usage_in_bytes"), NULL);
        if (value >= 0) usage->memory_peak = (uint64_t)value;
        value = csb_number_at(memory, in_slot(path, slot, second ? "memory.events" : "memory.oom_control"), "oom_kill");
        usage->memory_killed = value > 0;
    }
    if (pids >= 0) usage->pids_refused = csb_number_at(pids, in_slot(path, slot, "pids.events"), "max") > 0;
}

int csb_group_remove(const struct csb_cgroups *cgroups, uint32_t slot) {
    char path[PATH_SIZE];
    int result = 0;
    snprintf(path, sizeof path, "%u", slot);
    for (size_t i = 0; i < cgroups->count; i++)
        if (unlinkat(cgroups->trees[i].base, path, AT_REMOVEDIR) && errno != ENOENT) result = -errno;
    return result;
}

// MARK: - Killing and sweeping

size_t csb_group_members(const char **list, pid_t *members, size_t capacity) {
    size_t count = 0;
    while (count < capacity) {
        const char *end = strchr(*list, '\n');
        if (!end) break;
        char *rest = NULL;
        long pid = strtol(*list, &rest, 10);
        // 0 stands for a process outside our pid namespace: it cannot be ours.
        if (rest == end && pid > 0 && pid <= INT32_MAX && pid != getpid()) members[count++] = (pid_t)pid;
        *list = end + 1;
    }
    return count;
}

static bool is_listed(const char *list, pid_t wanted) {
    for (pid_t member; csb_group_members(&list, &member, 1);)
        if (member == wanted) return true;
    return false;
}

/// Kills all that is in a group. Where the kernel does not do it by itself (version 1, and before Linux 5.14), a number
/// that was read may be another process's by the time it is used: so the process is held by a pidfd first, and only
/// if the number is then still in the list was it this one's.
static void kill_members(int folder) {
    char before[16384], after[16384];
    pid_t members[64];
    int held[64];
    if (!csb_write_at(folder, "cgroup.kill", "1")) return;
    if (csb_read_at(folder, "cgroup.procs", before, sizeof before) <= 0) return;
    const char *list = before;
    for (size_t count; (count = csb_group_members(&list, members, 64));) {
        bool have_pidfds = true;
        for (size_t i = 0; i < count; i++) {
            held[i] = (int)syscall(SYS_pidfd_open, members[i], 0);
            if (held[i] < 0 && errno == ENOSYS) have_pidfds = false;
        }
        if (csb_read_at(folder, "cgroup.procs", after, sizeof after) < 0) *after = 0;
        for (size_t i = 0; i < count; i++) {
            bool member = is_listed(after, members[i]);
            if (member && held[i] >= 0) (void)syscall(SYS_pidfd_send_signal, held[i], SIGKILL, NULL, 0);
            // Before Linux 5.3 the number is all there is.
            else if (member && !have_pidfds) (void)kill(members[i], SIGKILL);
            csb_close(&held[i]);
        }
    }
}

void csb_group_kill(const struct csb_cgroups *cgroups, uint32_t slot, bool thorough) {
    char path[PATH_SIZE];
    // Only a second way to the same end: the pid namespace dies with its first process.
    if (cgroups->version == 2 && !csb_write_at(cgroups->trees[0].base, in_slot(path, slot, "cgroup.kill"), "1")) return;
    snprintf(path, sizeof path, "%u", slot);
    for (size_t i = 0; thorough && i < cgroups->count; i++) {
        int folder = openat(cgroups->trees[i].base, path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (folder < 0) continue;
        kill_members(folder);
        close(folder);
    }
}

/// One walk through all groups below `base`, which it closes: the innermost first, since only empty ones can be
/// removed. True when none is left; false also when it could not look.
static bool sweep_once(int base, int depth) {
    DIR *folder = fdopendir(base);
    if (!folder) {
        close(base);
        return false;
    }
    bool clean = true;
    for (struct dirent *entry; (entry = readdir(folder));) {
        if (entry->d_type != DT_DIR || !strcmp(entry->d_name, ".") || !strcmp(entry->d_name, "..")) continue;
        if (!unlinkat(base, entry->d_name, AT_REMOVEDIR)) continue;
        int child = openat(base, entry->d_name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
        if (child >= 0) {
            kill_members(child);
            // It is closed in there. A depth that nobody has use for is refused, so that our descriptors suffice.
            if (depth < SWEEP_DEPTH) (void)sweep_once(child, depth + 1);
            else close(child);
        }
        if (unlinkat(base, entry->d_name, AT_REMOVEDIR) && errno != ENOENT) clean = false;
    }
    closedir(folder);
    return clean;
}

int csb_group_sweep(int base, uint64_t until) {
    for (;;) {
        int copy = openat(base, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        if (copy < 0) return -errno;
        if (sweep_once(copy, 1)) return 0;
        if (csb_now() >= until) return -EBUSY;
        // Killed processes need a moment to leave. This is at our start or end only; nobody waits for an answer.
        (void)nanosleep(&(struct timespec){.tv_nsec = 5000000}, NULL);
    }
}
