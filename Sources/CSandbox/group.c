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
#include <time.h>
#include <unistd.h>

#define PATH_SIZE 96

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
        group->procs[i] = openat(base, in_slot(path, slot, "cgroup.procs"), O_WRONLY | O_CLOEXEC);
        if (group->procs[i] < 0) goto failed;
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
    for (size_t i = 0; i < CSB_TREES_MAX; i++) csb_close(&group->procs[i]);
    csb_close(&group->directory);
    csb_close(&group->cpu);
    csb_close(&group->memory);
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

/// Kills all that is in a group; true while something was there.
static bool kill_members(int base, const char *name) {
    char path[300], procs[16384];
    bool any = false;
    snprintf(path, sizeof path, "%s/cgroup.procs", name);
    if (csb_read_at(base, path, procs, sizeof procs) <= 0) return false;
    for (char *at = procs; *at;) {
        long pid = strtol(at, &at, 10);
        // 0 stands for a process outside our pid namespace: it cannot be ours.
        if (pid > 0 && pid != getpid() && !kill((pid_t)pid, SIGKILL)) any = true;
        while (*at && (*at < '0' || *at > '9')) at++;
    }
    return any;
}

void csb_group_kill(const struct csb_cgroups *cgroups, uint32_t slot, bool thorough) {
    char path[PATH_SIZE];
    // Only a second way to the same end: the pid namespace dies with its first process.
    if (cgroups->version == 2) (void)csb_write_at(cgroups->trees[0].base, in_slot(path, slot, "cgroup.kill"), "1");
    snprintf(path, sizeof path, "%u", slot);
    for (size_t i = 0; thorough && cgroups->version == 1 && i < cgroups->count; i++)
        (void)kill_members(cgroups->trees[i].base, path);
}

int csb_group_sweep(int base) {
    for (int round = 0; round < 100; round++) {
        int copy = openat(base, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        DIR *folder = copy < 0 ? NULL : fdopendir(copy);
        if (!folder) {
            int error = errno;
            if (copy >= 0) close(copy);
            return -error;
        }
        bool left = false;
        for (struct dirent *entry; (entry = readdir(folder));) {
            if (entry->d_type != DT_DIR || entry->d_name[0] == '.') continue;
            if (!unlinkat(base, entry->d_name, AT_REMOVEDIR)) continue;
            left = true;
            (void)kill_members(base, entry->d_name);
        }
        closedir(folder);
        if (!left) return 0;
        // Killed processes need a moment to leave. This is at our start or end only; nobody waits for an answer.
        const struct timespec pause = {0, 10000000};
        (void)nanosleep(&pause, NULL);
    }
    return -EBUSY;
}
