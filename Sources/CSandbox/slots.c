// The table of instances: from a request to a process, from its end to what the node is told of it.
//
// A slot stands for a uid and a group name. It is LIVE while its process is, LEAVING until its groups are gone, OWED
// until the node has been told, and only then free again. So each live instance owes the node at most one message, and
// nothing here grows. What is forked from a zygote is FORKING before it is LIVE, and REAPING after (zygote.c).

#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif
/// Ticks (20 ms) to wait for groups that are still busy, and for the kernel's log to name a system call.
#define REMOVAL_TICKS 50
#define AUDIT_TICKS 2

int csb_slots_open(struct csb_spawner *spawner) {
    uint32_t count = spawner->options.slots;
    spawner->watches = -1;
    // Each instance costs two descriptors (its pidfd, and the listener of its calls or the socket of its zygote), and some
    // are needed besides, among them those of zygotes.
    const rlim_t all = spawner->nursery.open_files, besides = all / 8 + CSB_DESCRIPTORS_BESIDES;
    if (all <= besides + 1) return -EMFILE;
    if (count > (all - besides) / 2) count = (uint32_t)((all - besides) / 2);
    spawner->options.slots = count;
    spawner->slots = calloc(count, sizeof *spawner->slots);
    spawner->used = calloc(count, sizeof *spawner->used);
    spawner->free = calloc(count, sizeof *spawner->free);
    if (!spawner->slots || !spawner->used || !spawner->free) return -ENOMEM;
    for (uint32_t i = 0; i < count; i++) spawner->free[i] = i;
    spawner->free_count = count;
    spawner->watches = epoll_create1(EPOLL_CLOEXEC);
    return spawner->watches < 0 ? -errno : 0;
}

void csb_slots_close(struct csb_spawner *spawner) {
    csb_close(&spawner->watches);
    free(spawner->slots);
    free(spawner->used);
    free(spawner->free);
}

// MARK: - Taking and giving back

void csb_slot_give_back(struct csb_spawner *spawner, uint32_t index) {
    spawner->free[(spawner->free_head + spawner->free_count++) % spawner->options.slots] = index;
}

/// Takes the slot that has rested longest; -1 when all are in use.
static int64_t take(struct csb_spawner *spawner) {
    if (!spawner->free_count) return -1;
    uint32_t index = spawner->free[spawner->free_head];
    spawner->free_head = (spawner->free_head + 1) % spawner->options.slots;
    spawner->free_count--;
    return index;
}

bool csb_slots_refill(struct csb_spawner *spawner) {
    const uint32_t capacity = sizeof spawner->ready / sizeof *spawner->ready;
    // Never the last free ones: they are wanted where the table is small.
    if (!spawner->nursery.cgroups.count || spawner->ready_count == capacity || !spawner->free_count) return false;
    int64_t index = take(spawner);
    if (csb_group_prepare(&spawner->nursery.cgroups, (uint32_t)index, &spawner->slots[index].group)) {
        csb_slot_give_back(spawner, (uint32_t)index);
        return false;
    }
    spawner->ready[spawner->ready_count++] = (uint32_t)index;
    return spawner->ready_count < capacity;
}

int csb_slot_take(struct csb_spawner *spawner, uint32_t *index, uint32_t *step) {
    if (spawner->ready_count) {
        *index = spawner->ready[0];
        memmove(spawner->ready, spawner->ready + 1, --spawner->ready_count * sizeof *spawner->ready);
        return 0;
    }
    int64_t taken = take(spawner);
    *step = CSB_STEP_SLOT;
    if (taken < 0) return -EAGAIN;
    *step = CSB_STEP_CGROUP;
    int result = csb_group_prepare(&spawner->nursery.cgroups, (uint32_t)taken, &spawner->slots[taken].group);
    if (result) csb_slot_give_back(spawner, (uint32_t)taken);
    *index = (uint32_t)taken;
    return result;
}

// MARK: - Starting

static void leave(struct csb_spawner *spawner, uint32_t index);

static struct csb_event *begin_reply(struct csb_spawner *spawner, uint32_t kind, uint64_t id) {
    struct csb_event *event = &spawner->reply;
    memset(event, 0, offsetof(struct csb_event, report));
    event->kind = kind;
    event->id = id;
    event->pidfd = event->cpu_fd = event->memory_fd = -1;
    event->syscall = -1;
    spawner->reply_waits = true;
    return event;
}

static void reply_failed(struct csb_spawner *spawner, uint64_t id, uint32_t step, int error) {
    struct csb_event *event = begin_reply(spawner, CSB_EVENT_FAILED, id);
    event->step = step;
    event->error = error;
}

struct csb_slot *csb_slot_find(const struct csb_spawner *spawner, uint64_t id) {
    for (uint32_t i = 0; i < spawner->used_count; i++)
        if (spawner->slots[spawner->used[i]].id == id) return &spawner->slots[spawner->used[i]];
    return NULL;
}

uint32_t csb_slot_index(const struct csb_spawner *spawner, const struct csb_slot *slot) {
    return (uint32_t)(slot - spawner->slots);
}

/// Gives up a process that was created and is not to be.
static void undo(struct csb_slot *slot, int pid) {
    // Nobody else waits for it; after a failure of its own it has left already, or is about to.
    (void)kill(pid, SIGKILL);
    while (waitpid(pid, NULL, 0) < 0 && errno == EINTR) continue;
    csb_close(&slot->pidfd);
    csb_close(&slot->listener);
}

uint64_t csb_slot_own_id(struct csb_spawner *spawner) {
    const uint64_t own = UINT64_C(1) << CSB_ID_BITS;
    return own | spawner->next_spare++ % own;
}

struct csb_slot *csb_slot_begin(struct csb_spawner *spawner, uint32_t index, const struct csb_spawn_request *request) {
    struct csb_slot *slot = &spawner->slots[index];
    // Its groups are prepared already.
    const struct csb_group group = slot->group;
    *slot = (struct csb_slot){.group = group, .id = request->id, .asked = csb_now()};
    slot->pidfd = slot->listener = slot->refused = slot->fork_socket = slot->request_socket = slot->tmp = -1;
    slot->given[0] = slot->given[1] = slot->given[2] = -1;
    slot->learns = request->calls_mode == CSB_CALLS_LEARNED;
    slot->memory_bytes = request->memory_bytes;
    slot->cpu_seconds = request->cpu_seconds;
    slot->pids = request->pids;
    return slot;
}

void csb_slot_abandon(struct csb_spawner *spawner, uint32_t index) {
    struct csb_slot *slot = &spawner->slots[index];
    for (int i = 0; i < 3; i++) csb_close(&slot->given[i]);
    csb_zygote_free(spawner, slot->zygote);
    slot->zygote = NULL;
    slot->id = 0;
    csb_group_release(&slot->group);
    // Should a group resist, its slot's next preparation tries again.
    (void)csb_group_remove(&spawner->nursery.cgroups, index);
    csb_slot_give_back(spawner, index);
}

int csb_slot_start(struct csb_spawner *spawner, uint32_t index, struct csb_start *start, uint32_t *step, int near) {
    struct csb_slot *slot = &spawner->slots[index];
    *step = CSB_STEP_CGROUP;
    int result = csb_group_limit(&spawner->nursery.cgroups, index, start->request);
    if (result) return result;
    *step = CSB_STEP_CLONE;
    int pid = csb_instance_start(start, &slot->pidfd);
    if (pid < 0) return pid;
    *step = start->step;
    result = -start->error;
    if (start->step == CSB_STEP_NONE && near >= 0) {
        *step = CSB_STEP_SECCOMP;
        result = csb_calls_listen(spawner->watches, slot, near);
    }
    if (!result) slot->pid = pid;
    else undo(slot, pid);
    return result;
}

/// The same, with the filter of the version's own list where it has one.
static int start_listed(struct csb_spawner *spawner, uint32_t index, struct csb_start *start, uint32_t *step) {
    const struct csb_nursery *nursery = &spawner->nursery;
    const struct csb_spawn_request *request = start->request;
    static struct sock_filter program[CSB_CALLS_PROGRAM_MAX];
    int pair[2] = {-1, -1};
    if (request->calls_mode == CSB_CALLS_PROFILE || !nursery->seccomp)
        return csb_slot_start(spawner, index, start, step, -1);
    *step = CSB_STEP_SECCOMP;
    if (request->calls_mode == CSB_CALLS_LEARNED && !spawner->options.learns) return -EPERM;
    if (request->calls_mode == CSB_CALLS_LEARNED && !nursery->asks) return -ENOSYS;
    if (nursery->asks && socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair)) return -errno;
    size_t length =
        csb_calls_program(request->calls, nursery->passing[request->profile], nursery->asks, program);
    start->calls = (struct sock_fprog){(unsigned short)length, program};
    start->calls_socket = pair[1];
    int result = csb_slot_start(spawner, index, start, step, pair[0]);
    csb_close(&pair[0]);
    csb_close(&pair[1]);
    return result;
}

/// The same for a zygote, which gets a socket of its own where instances have that for frames.
static int start_zygote(struct csb_spawner *spawner, uint32_t index, struct csb_start *start, uint32_t *step) {
    struct csb_slot *slot = &spawner->slots[index];
    int far = -1, error = 0;
    *step = CSB_STEP_ZYGOTE;
    if (!spawner->nursery.zygotes) return -ENOTSUP;
    slot->zygote = csb_zygote_make(spawner, start->request, &far, &error);
    if (!slot->zygote) return -error;
    start->zygote = slot->zygote;
    start->descriptors[3] = far;
    int result = csb_slot_start(spawner, index, start, step, -1);
    csb_close(&far);
    return result;
}

void csb_slots_fork_ahead(struct csb_spawner *spawner, const struct csb_spawn_request *request) {
    uint32_t index = 0, step = CSB_STEP_SLOT;
    // Never the last slots: they are for what is asked for.
    if (spawner->free_count + spawner->ready_count < spawner->options.slots / 4 + 2) return;
    if (csb_slot_take(spawner, &index, &step)) return;
    csb_slot_begin(spawner, index, request)->is_spare = true;
    int result = csb_group_limit(&spawner->nursery.cgroups, index, request);
    if (!result) result = csb_zygote_fork(spawner, index, request->zygote, NULL);
    if (result) csb_slot_abandon(spawner, index);
    else spawner->used[spawner->used_count++] = index;
}

static void fork_in(struct csb_spawner *spawner, uint32_t index, const struct csb_message *message,
                    const int *descriptors) {
    uint32_t step = CSB_STEP_CGROUP;
    int result = csb_group_limit(&spawner->nursery.cgroups, index, &message->spawn);
    if (!result) {
        step = CSB_STEP_ZYGOTE;
        result = csb_zygote_fork(spawner, index, message->spawn.zygote, descriptors);
    }
    if (!result) {
        spawner->used[spawner->used_count++] = index;
        return;
    }
    csb_slot_abandon(spawner, index);
    reply_failed(spawner, message->id, step, -result);
}

void csb_slots_spawn(struct csb_spawner *spawner, const struct csb_message *message, const int *descriptors) {
    const struct csb_nursery *nursery = &spawner->nursery;
    uint32_t index = 0, step = CSB_STEP_SLOT;
    if (csb_slot_find(spawner, message->id)) return reply_failed(spawner, message->id, CSB_STEP_SLOT, EEXIST);
    if (message->spawn.origin == CSB_ORIGIN_FORK) {
        if (descriptors[1] < 0 || descriptors[2] < 0 || descriptors[3] < 0)
            return reply_failed(spawner, message->id, CSB_STEP_REQUEST, EINVAL);
        if (message->spawn.ahead == CSB_AHEAD_SHORT) csb_standby_end_programs(spawner);
        if (csb_zygote_take_spare(spawner, &message->spawn, descriptors)) return;
    }
    if (csb_standby_take(spawner, message, descriptors)) return csb_standby_want(spawner, message);
    int result = csb_slot_take(spawner, &index, &step);
    if (result) return reply_failed(spawner, message->id, step, -result);
    struct csb_slot *slot = csb_slot_begin(spawner, index, &message->spawn);
    if (message->spawn.origin == CSB_ORIGIN_FORK) return fork_in(spawner, index, message, descriptors);
    struct csb_start start = {
        .nursery = nursery,
        .request = &message->spawn,
        .argv = message->argv,
        .envp = message->envp,
        .group = &slot->group,
        .uid = nursery->own_uid ? nursery->uid_base + index : nursery->uid_base,
        .calls_socket = -1,
    };
    memcpy(start.descriptors, descriptors, sizeof start.descriptors);
    // From now on its instances are forked.
    if (message->spawn.origin == CSB_ORIGIN_ZYGOTE) csb_standby_forget(spawner, message->spawn.bundle);
    result = message->spawn.origin == CSB_ORIGIN_ZYGOTE ? start_zygote(spawner, index, &start, &step)
                                                        : start_listed(spawner, index, &start, &step);
    if (result) {
        csb_slot_abandon(spawner, index);
        return reply_failed(spawner, message->id, step, -result);
    }
    spawner->used[spawner->used_count++] = index;
    csb_slot_lives(spawner, index);
    spawner->reply.clone_nanoseconds = start.entered - slot->asked;
    csb_standby_want(spawner, message);
}

void csb_slot_watch(struct csb_spawner *spawner, struct csb_slot *slot) {
    const unsigned controllers = spawner->nursery.cgroups.controllers;
    spawner->watched -= slot->watched;
    // Of what is forked the threads have to be counted too, where no group does: its limit is that of its whole family.
    slot->watched = (slot->memory_bytes && !(controllers & CSB_MEMORY)) || (slot->zygote_id && !(controllers & CSB_PIDS));
    spawner->watched += slot->watched;
}

void csb_slot_lives(struct csb_spawner *spawner, uint32_t index) {
    struct csb_slot *slot = &spawner->slots[index];
    slot->state = CSB_SLOT_LIVE;
    csb_slot_watch(spawner, slot);
    struct csb_event *event = begin_reply(spawner, CSB_EVENT_SPAWNED, slot->id);
    event->pid = slot->pid;
    event->spawned_at = csb_now();
    event->start_nanoseconds = event->clone_nanoseconds = event->spawned_at - slot->asked;
    event->pidfd = slot->pidfd;
    // These two go to the node; our copies are closed once they are sent.
    event->cpu_fd = slot->group.cpu;
    event->memory_fd = slot->group.memory;
    const struct csb_cgroups *cgroups = &spawner->nursery.cgroups;
    event->cpu_format = slot->group.cpu < 0 ? 0 : (uint32_t)cgroups->version;
    if (cgroups->count) {
        slot->group.cpu = slot->group.memory = -1;
        csb_group_release(&slot->group);
    }
}

void csb_slot_failed(struct csb_spawner *spawner, uint32_t index, uint32_t step, int error) {
    struct csb_slot *slot = &spawner->slots[index];
    slot->failed_step = step;
    slot->failed_error = error;
    csb_group_release(&slot->group);
    csb_group_kill(&spawner->nursery.cgroups, index, false);
    slot->state = CSB_SLOT_LEAVING;
    slot->tries = 0;
    spawner->leaving++;
    leave(spawner, index);
}

// MARK: - Ending

static void kill_slot(struct csb_spawner *spawner, uint32_t index) {
    struct csb_slot *slot = &spawner->slots[index];
    if (slot->pidfd >= 0) (void)syscall(SYS_pidfd_send_signal, slot->pidfd, SIGKILL, NULL, 0);
    // Not reaped yet, so the number cannot be another's.
    else (void)kill(slot->pid, SIGKILL);
    csb_group_kill(&spawner->nursery.cgroups, index, !spawner->nursery.isolated);
}

void csb_slots_kill(struct csb_spawner *spawner, uint64_t id) {
    for (uint32_t i = 0; i < spawner->used_count; i++) {
        struct csb_slot *slot = &spawner->slots[spawner->used[i]];
        if (slot->id != id) continue;
        if (slot->state != CSB_SLOT_LIVE && slot->state != CSB_SLOT_FORKING && slot->state != CSB_SLOT_STANDBY) continue;
        slot->kill_asked = 1;
        // Not known yet: it is ended once it presents itself.
        if (slot->state == CSB_SLOT_FORKING) return;
        return kill_slot(spawner, spawner->used[i]);
    }
}

/// Why it ended, if more can be said than its status. What the kernel found goes before what the node asked for.
static uint32_t verdict(const struct csb_slot *slot, const struct csb_usage *usage, uint64_t own_cpu) {
    if (slot->exit_signal == SIGSYS || slot->refused >= 0) return CSB_VERDICT_SECCOMP;
    if (usage->memory_killed || slot->memory_exceeded) return CSB_VERDICT_MEMORY;
    bool killed = slot->exit_signal == SIGKILL || slot->exit_signal == SIGXCPU;
    // The kernel enforces this limit by sampling and reports by measuring; on a busy machine these differ by a good part.
    if (slot->cpu_seconds && killed && !slot->kill_asked && 2 * own_cpu >= slot->cpu_seconds * UINT64_C(1000000000))
        return CSB_VERDICT_CPU;
    if (usage->pids_refused || slot->pids_exceeded) return CSB_VERDICT_PIDS;
    return slot->kill_asked && slot->exit_signal == SIGKILL ? CSB_VERDICT_KILLED : CSB_VERDICT_NONE;
}

static uint64_t nanoseconds(struct timeval time) {
    return (uint64_t)time.tv_sec * 1000000000u + (uint64_t)time.tv_usec * 1000u;
}

/// Takes a LEAVING slot as far as it can go.
static void leave(struct csb_spawner *spawner, uint32_t index) {
    struct csb_slot *slot = &spawner->slots[index];
    if (slot->verdict == CSB_VERDICT_SECCOMP && slot->syscall < 0) {
        slot->syscall = csb_audit_syscall(spawner->nursery.kmsg, slot->pid);
        // The kernel writes the record in a thread of its own, perhaps a moment after the process is gone.
        if (slot->syscall < 0 && spawner->nursery.kmsg >= 0 && slot->tries < AUDIT_TICKS) return;
    }
    if (csb_group_remove(&spawner->nursery.cgroups, index) && slot->tries < REMOVAL_TICKS) {
        // What forks faster than a walk through its group can kill has to be looked for again.
        if (!spawner->nursery.isolated) csb_group_kill(&spawner->nursery.cgroups, index, true);
        return;
    }
    slot->state = CSB_SLOT_OWED;
    spawner->leaving--;
    spawner->owed++;
}

void csb_slot_ended(struct csb_spawner *spawner, uint32_t index, int code, int signal, uint64_t cpu_nanoseconds,
                    uint64_t memory_peak) {
    struct csb_slot *slot = &spawner->slots[index];
    struct csb_usage usage = {.cpu_nanoseconds = cpu_nanoseconds, .memory_peak = memory_peak};
    slot->exit_code = code;
    slot->exit_signal = signal;
    // Without a pid namespace its children outlive it.
    csb_group_kill(&spawner->nursery.cgroups, index, !spawner->nursery.isolated);
    csb_group_usage(&spawner->nursery.cgroups, index, &usage);
    slot->cpu_nanoseconds = usage.cpu_nanoseconds;
    slot->memory_peak = usage.memory_peak;
    slot->syscall = slot->refused;
    slot->verdict = verdict(slot, &usage, cpu_nanoseconds);
    slot->state = CSB_SLOT_LEAVING;
    slot->tries = 0;
    spawner->leaving++;
    spawner->watched -= slot->watched;
    slot->watched = 0;
    // A pidfd that waits to be sent must not be closed before: the node is owed it.
    if (spawner->reply_waits && spawner->reply.pidfd == slot->pidfd) slot->pidfd = -1;
    csb_close(&slot->pidfd);
    csb_close(&slot->listener);
    leave(spawner, index);
}

void csb_slots_reap(struct csb_spawner *spawner) {
    for (;;) {
        siginfo_t status = {0};
        struct rusage own;
        // The system call itself tells the resource use as well, unlike the C library's waitid.
        if (syscall(SYS_waitid, P_ALL, 0, &status, WEXITED | WNOHANG, &own) || status.si_pid == 0) return;
        for (uint32_t i = 0; i < spawner->used_count; i++) {
            struct csb_slot *slot = &spawner->slots[spawner->used[i]];
            const bool is_child = slot->state == CSB_SLOT_LIVE || slot->state == CSB_SLOT_STANDBY;
            if (!is_child || slot->zygote_id || slot->pid != status.si_pid) continue;
            bool exited = status.si_code == CLD_EXITED;
            if (slot->standby) {
                int error = 0;
                slot->failed_step = csb_standby_ended(spawner, slot, &error);
                slot->failed_error = error;
            }
            if (slot->zygote) csb_zygote_ended(spawner, slot);
            csb_slot_ended(spawner, spawner->used[i], exited ? status.si_status : -1, exited ? 0 : status.si_status,
                           nanoseconds(own.ru_utime) + nanoseconds(own.ru_stime), (uint64_t)own.ru_maxrss * 1024);
            break;
        }
    }
}

/// Ends an instance that is above a limit which no group enforces here.
static void watch(struct csb_spawner *spawner, uint32_t index) {
    struct csb_slot *slot = &spawner->slots[index];
    const unsigned controllers = spawner->nursery.cgroups.controllers;
    const int host_proc = spawner->nursery.host_proc;
    if (slot->memory_exceeded || slot->pids_exceeded) return;
    if (slot->memory_bytes && !(controllers & CSB_MEMORY)) {
        // The children of a zygote are instances of their own.
        int64_t resident = csb_resident(host_proc, slot->pid, !slot->zygote);
        slot->memory_exceeded = resident > 0 && (uint64_t)resident > slot->memory_bytes;
    }
    if (slot->zygote_id && !(controllers & CSB_PIDS)) {
        int64_t threads = csb_threads(host_proc, slot->pid);
        slot->pids_exceeded = threads > 0 && (uint64_t)threads > slot->pids;
    }
    if (slot->memory_exceeded || slot->pids_exceeded) kill_slot(spawner, index);
}

void csb_slots_tick(struct csb_spawner *spawner) {
    for (uint32_t i = 0; i < spawner->used_count; i++) {
        uint32_t index = spawner->used[i];
        struct csb_slot *slot = &spawner->slots[index];
        if (slot->state == CSB_SLOT_LEAVING) {
            slot->tries++;
            leave(spawner, index);
        } else if (slot->state == CSB_SLOT_FORKING || slot->state == CSB_SLOT_REAPING) {
            csb_zygote_tick(spawner, slot);
        } else if ((slot->state == CSB_SLOT_LIVE || slot->state == CSB_SLOT_STANDBY) && slot->watched) {
            watch(spawner, index);
        }
    }
}

/// Somebody asks about a call. `hung_up`: nobody who could ask is left.
static void answer(struct csb_spawner *spawner, uint32_t index, bool hung_up) {
    struct csb_slot *slot = &spawner->slots[index];
    enum csb_calls_answer answer = hung_up ? CSB_CALLS_GONE : csb_calls_answer(slot);
    if (answer == CSB_CALLS_ANSWERED) return;
    // Killed before the listener is closed, which would send the caller on its way with an errno.
    if (answer == CSB_CALLS_REFUSED) kill_slot(spawner, index);
    csb_close(&slot->listener);
}

void csb_slots_attend(struct csb_spawner *spawner) {
    struct epoll_event events[16];
    int ready = epoll_wait(spawner->watches, events, 16, 0);
    for (int i = 0; i < ready; i++) {
        const uint64_t watch = events[i].data.u64 >> CSB_WATCH_SHIFT;
        const uint64_t id = events[i].data.u64 & ((UINT64_C(1) << CSB_WATCH_SHIFT) - 1);
        struct csb_slot *slot = csb_slot_find(spawner, id);
        if (!slot) continue;
        switch (watch) {
        case CSB_WATCH_CALLS: answer(spawner, csb_slot_index(spawner, slot), !(events[i].events & EPOLLIN)); break;
        case CSB_WATCH_CONTROL: csb_zygote_hear(spawner, slot); break;
        case CSB_WATCH_END: csb_zygote_fork_ended(spawner, slot); break;
        // One reply at a time: it is still there the next time.
        case CSB_WATCH_FORK:
            if (!spawner->reply_waits) csb_zygote_admit(spawner, slot);
            break;
        }
    }
}
