// On which processors things run: the node's event loop and the instance that it talks to are quicker on one, as long as
// nothing else goes on, for then neither has to wake another processor. And that an instance which idles runs on none.

#include "internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif

/// Those that this process was given at its start.
static cpu_set_t given;

/// Lets all threads of a process run there, or all but one; a thread that is not ours any more is left alone.
static void let_run(int proc, int pid, int except, const cpu_set_t *there) {
    char path[32];
    snprintf(path, sizeof path, "%d/task", pid);
    int folder = openat(proc, path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *threads = folder >= 0 ? fdopendir(folder) : NULL;
    if (!threads) {
        csb_close(&folder);
        return;
    }
    for (const struct dirent *entry; (entry = readdir(threads));) {
        int thread = atoi(entry->d_name);
        if (thread > 0 && thread != except) (void)sched_setaffinity(thread, sizeof *there, there);
    }
    closedir(threads);
}

void csb_processors_remember(void) {
    if (sched_getaffinity(0, sizeof given, &given)) CPU_ZERO(&given);
}

// MARK: - The node's half

int csb_processor_hold(void) {
    int processor = sched_getcpu();
    if (processor < 0) return -errno;
    if (CPU_COUNT(&given) < 2 || !CPU_ISSET(processor, &given)) return -ENOTSUP;
    cpu_set_t one;
    CPU_ZERO(&one);
    CPU_SET(processor, &one);
    return sched_setaffinity(0, sizeof one, &one) ? -errno : processor;
}

int csb_processor_count(int32_t pid) {
    cpu_set_t set;
    return sched_getaffinity(pid, sizeof set, &set) ? -errno : CPU_COUNT(&set);
}

void csb_processor_let_go(void) { (void)sched_setaffinity(0, sizeof given, &given); }

void csb_processor_free_others(void) {
    int proc = open("/proc", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    let_run(proc, getpid(), (int)syscall(SYS_gettid), &given);
    csb_close(&proc);
}

// MARK: - The spawner's half

void csb_slots_place(struct csb_spawner *spawner, uint64_t id, int32_t processor) {
    const struct csb_slot *slot = csb_slot_find(spawner, id);
    if (!slot || slot->state != CSB_SLOT_LIVE || slot->pid <= 0 || slot->pidfd < 0) return;
    // What has ended may have been waited for by its zygote, and its number be another's.
    struct pollfd ended = {.fd = slot->pidfd, .events = POLLIN};
    if (poll(&ended, 1, 0)) return;
    cpu_set_t there = given;
    if (processor >= 0) {
        if (processor >= CPU_SETSIZE || !CPU_ISSET(processor, &given)) return;
        CPU_ZERO(&there);
        CPU_SET(processor, &there);
    }
    let_run(spawner->nursery.host_proc, slot->pid, 0, &there);
}

void csb_slots_freeze(struct csb_spawner *spawner, uint64_t id, bool frozen) {
    const struct csb_slot *slot = csb_slot_find(spawner, id);
    if (!slot || slot->state != CSB_SLOT_LIVE || slot->pidfd < 0) return;
    // A signal does on all kernels what `cgroup.freeze` does in version 2: what serves several calls is one process, whose
    // filter lets it have no children. Nor can it refuse the signal, or undo it.
    (void)syscall(SYS_pidfd_send_signal, slot->pidfd, frozen ? SIGSTOP : SIGCONT, NULL, 0);
}
