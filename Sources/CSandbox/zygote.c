// Zygotes: processes that have initialised and serve no call, but are forked whenever an instance is wanted.
//
// A zygote lives in a sandbox like any instance's. It has two things more: a filter that lets it fork, and CAP_SYS_ADMIN
// within its own user namespace, in which it owns nothing, so that its forks can have mount namespaces of their own. A
// fork gives both up before the spawner takes it for an instance: it unshares its mounts, drops the capability, enters a
// Landlock domain and a filter, and then sends its mount namespace. The spawner looks at what it has become, puts it into
// its groups, mounts its /tmp, and lets it go. One fork of each zygote waits ready for that, so that who asks for an
// instance need not wait for a fork; it has touched next to nothing of its own yet.
//
// A zygote runs code that nobody here wrote. So nothing waits for it: each step has a deadline, and what it says about
// its forks is believed only where it could not gain by lying (how one of them ended). What they are is asked of the
// kernel.
//
// On the zygote's descriptor 3 packets go to and fro: "fork" with the filter, "reap" with the number of one of its forks;
// back come "ready" and "ended". The fork gets the descriptors of the instance when it is let go. FunctionKit and the
// Python harness speak this too.

#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_fsopen
#define SYS_fsopen 430
#define SYS_fsconfig 431
#define SYS_fsmount 432
#endif

// The names of <linux/mount.h>, which cannot be included beside <sys/mount.h> everywhere.
enum {
    FSOPEN_CLOSE_ON_EXEC = 1,
    FSCONFIG_STRING = 1,
    FSCONFIG_CREATE = 6,
    FSMOUNT_CLOSE_ON_EXEC = 1,
    ATTRIBUTES = 2 | 4 | 8, // no suid, no devices, no exec
};

enum message_kind { MESSAGE_REAP = 2, MESSAGE_READY = 1, MESSAGE_ENDED = 2 };

/// "reap", and the answer to it; the number is the one that the zygote knows its fork by.
struct reap {
    uint8_t kind, reserved[3];
    int32_t pid;
};
struct ended {
    uint8_t kind, reserved[3];
    int32_t pid, code, signal;
    uint64_t cpu_nanoseconds;
};

/// Ticks (20 ms) that a fork may take until it is an instance, and that the account of its end may take.
#define FORK_TICKS 100
#define REAP_TICKS 25
/// Its socket, a /tmp for each fork, and what the fork that waits needs.
#define DESCRIPTORS (1 + CSB_ZYGOTE_FORKS + 10)

// MARK: - /tmp of instances to come

/// A new file system for one /tmp, mounted nowhere yet; its descriptor or -errno.
static int make_tmp(uint64_t bytes, uint32_t inodes) {
    char size[32], count[32];
    snprintf(size, sizeof size, "%llu", (unsigned long long)(bytes ? bytes : 1));
    snprintf(count, sizeof count, "%llu", (unsigned long long)inodes + 1);
    const char *const options[][2] = {{"mode", "1777"}, {"size", size}, {"nr_inodes", count}};
    int system = (int)syscall(SYS_fsopen, "tmpfs", FSOPEN_CLOSE_ON_EXEC);
    if (system < 0) return -errno;
    long result = 0;
    for (size_t i = 0; result >= 0 && i < sizeof options / sizeof *options; i++)
        result = syscall(SYS_fsconfig, system, FSCONFIG_STRING, options[i][0], options[i][1], 0);
    if (result >= 0) result = syscall(SYS_fsconfig, system, FSCONFIG_CREATE, NULL, NULL, 0);
    if (result >= 0) result = syscall(SYS_fsmount, system, FSMOUNT_CLOSE_ON_EXEC, ATTRIBUTES);
    int error = errno;
    close(system);
    return result < 0 ? -error : (int)result;
}

bool csb_zygotes_possible(void) {
    int tmp = make_tmp(1 << 16, 16);
    if (tmp >= 0) close(tmp);
    return tmp >= 0;
}

// MARK: - A zygote's life

void csb_zygote_free(struct csb_spawner *spawner, struct csb_zygote *zygote) {
    if (!zygote) return;
    spawner->zygote_descriptors -= DESCRIPTORS;
    csb_close(&zygote->control);
    for (uint32_t i = 0; i < CSB_ZYGOTE_FORKS; i++) csb_close(&zygote->tmps[i]);
    free(zygote);
}

struct csb_zygote *csb_zygote_make(struct csb_spawner *spawner, const struct csb_spawn_request *request, int *far,
                                   int *error) {
    // Others need descriptors as well: what csb_slots_open has left beside those of instances is for us.
    *error = EMFILE;
    if (spawner->zygote_descriptors + DESCRIPTORS > spawner->nursery.open_files / 8) return NULL;
    struct csb_zygote *zygote = calloc(1, sizeof *zygote);
    *error = ENOMEM;
    if (!zygote) return NULL;
    spawner->zygote_descriptors += DESCRIPTORS;
    zygote->control = -1;
    zygote->request = *request;
    for (uint32_t i = 0; i < CSB_ZYGOTE_FORKS; i++) zygote->tmps[i] = -1;
    int result = 0, pair[2];
    for (uint32_t i = 0; result >= 0 && i < CSB_ZYGOTE_FORKS; i++)
        result = zygote->tmps[i] = make_tmp(request->tmp_bytes, request->tmp_inodes);
    if (result >= 0 && socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair)) result = -errno;
    if (result >= 0) {
        zygote->control = pair[0];
        *far = pair[1];
        struct epoll_event event = {.events = EPOLLIN, .data.u64 = CSB_WATCH(CSB_WATCH_CONTROL, request->id)};
        if (epoll_ctl(spawner->watches, EPOLL_CTL_ADD, zygote->control, &event)) result = -errno;
        if (result < 0) csb_close(far);
    }
    if (result >= 0) return zygote;
    *error = -result;
    csb_zygote_free(spawner, zygote);
    return NULL;
}

// MARK: - What a zygote says, and the end

void csb_zygote_hear(struct csb_spawner *spawner, struct csb_slot *parent) {
    struct csb_zygote *zygote = parent->zygote;
    union {
        uint8_t kind;
        struct ended ended;
    } message;
    if (!zygote || zygote->control < 0) return;
    ssize_t length = recv(zygote->control, &message, sizeof message, MSG_DONTWAIT);
    if (length < 0 && (errno == EAGAIN || errno == EINTR)) return;
    char status[4096];
    if (length == 1 && message.kind == MESSAGE_READY && !zygote->is_ready &&
        !csb_process_read(spawner->nursery.host_proc, parent->pid, "status", status, sizeof status)) {
        zygote->filters = csb_status_number(status, "\nSeccomp_filters:", 10);
        zygote->is_ready = zygote->is_news = true;
        spawner->news++;
        csb_zygote_want_spare(spawner, parent);
        return;
    }
    if (length == sizeof message.ended && message.kind == MESSAGE_ENDED) {
        for (uint32_t i = 0; i < spawner->used_count; i++) {
            struct csb_slot *slot = &spawner->slots[spawner->used[i]];
            if (slot->state != CSB_SLOT_REAPING || slot->zygote_id != parent->id) continue;
            if (slot->inner_pid != message.ended.pid) continue;
            spawner->pending--;
            return csb_slot_ended(spawner, spawner->used[i], message.ended.code, message.ended.signal,
                                  message.ended.cpu_nanoseconds, 0);
        }
        return;
    }
    // It hung up, or says what cannot be understood: nothing can be asked of it any more.
    csb_close(&zygote->control);
    csb_slots_kill(spawner, parent->id);
}

/// Tells a zygote that one of its forks has ended, and asks how.
static void send_reap(const struct csb_zygote *zygote, int32_t inner) {
    const struct reap reap = {.kind = MESSAGE_REAP, .pid = inner};
    const struct iovec part = {(void *)&reap, sizeof reap};
    // Should this fail, the deadline for the answer passes.
    if (zygote && zygote->control >= 0) (void)csb_send(zygote->control, &part, 1, NULL, 0, MSG_DONTWAIT);
}

void csb_zygote_fork_ended(struct csb_spawner *spawner, struct csb_slot *slot) {
    if (slot->state != CSB_SLOT_LIVE && slot->state != CSB_SLOT_SPARE) return;
    csb_close(&slot->fork_socket);
    const struct csb_slot *parent = csb_slot_find(spawner, slot->zygote_id);
    (void)epoll_ctl(spawner->watches, EPOLL_CTL_DEL, slot->pidfd, NULL);
    slot->state = CSB_SLOT_REAPING;
    slot->tries = 0;
    spawner->pending++;
    send_reap(parent ? parent->zygote : NULL, slot->inner_pid);
}

void csb_zygote_tick(struct csb_spawner *spawner, struct csb_slot *slot) {
    slot->tries++;
    if (slot->state == CSB_SLOT_FORKING && slot->tries > FORK_TICKS) {
        const uint64_t id = slot->zygote_id;
        csb_zygote_fork_failed(spawner, slot, ETIMEDOUT);
        csb_slots_kill(spawner, id);
    } else if (slot->state == CSB_SLOT_REAPING && slot->tries > REAP_TICKS) {
        spawner->pending--;
        csb_slot_ended(spawner, csb_slot_index(spawner, slot), -1, SIGKILL, 0, 0);
    }
}

void csb_zygote_ended(struct csb_spawner *spawner, struct csb_slot *parent) {
    // It was the first process of its pid namespace, so that the kernel has ended all its forks before it could be
    // waited for.
    for (uint32_t i = 0; i < spawner->used_count; i++) {
        struct csb_slot *slot = &spawner->slots[spawner->used[i]];
        if (!slot->zygote_id || slot->zygote_id != parent->id) continue;
        if (slot->state == CSB_SLOT_FORKING) csb_zygote_fork_failed(spawner, slot, ECHILD);
        if (slot->state == CSB_SLOT_REAPING) spawner->pending--;
        csb_close(&slot->fork_socket);
        if (slot->state == CSB_SLOT_LIVE || slot->state == CSB_SLOT_SPARE || slot->state == CSB_SLOT_REAPING)
            csb_slot_ended(spawner, spawner->used[i], -1, SIGKILL, 0, 0);
    }
    spawner->news -= parent->zygote->is_news;
    spawner->spares_wanted -= parent->zygote->wants_spare;
    csb_zygote_free(spawner, parent->zygote);
    parent->zygote = NULL;
}
