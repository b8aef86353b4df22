// Forking an instance from a zygote (zygote.c): asking for it, looking at what came, and letting it go.

#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif
#ifndef SYS_move_mount
#define SYS_move_mount 429
#endif
#ifndef SYS_landlock_restrict_self
#define SYS_landlock_restrict_self 446
#endif
#define MOVE_EMPTY_PATH 4
#define MESSAGE_FORK 1

// MARK: - Asking for a fork

/// The filter that a fork adds to its zygote's: no process, nothing of zygote.def, and signals to itself alone. The fork
/// writes its own number into the instruction at `*pid_at`. Returns the number of instructions.
static size_t fork_filter(struct sock_filter program[CSB_FORK_PROGRAM_MAX], uint16_t *pid_at) {
    // Of an argument the lower half: no machine that this runs on is big-endian.
    enum { NUMBER = offsetof(struct seccomp_data, nr), FIRST = offsetof(struct seccomp_data, args) };
    static const uint32_t forbidden[] = {SYS_unshare, SYS_capset, SYS_landlock_restrict_self, SYS_wait4, SYS_waitid};
    const struct sock_filter kill = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_KILL_PROCESS);
    const struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    const struct sock_filter first = BPF_STMT(BPF_LD | BPF_W | BPF_ABS, FIRST);
    size_t n = 0;
    program[n++] = (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, NUMBER);
    for (size_t i = 0; i < sizeof forbidden / sizeof *forbidden; i++) {
        program[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, forbidden[i], 0, 1);
        program[n++] = kill;
    }
    // Threads only.
    program[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_clone, 0, 4);
    program[n++] = first;
    program[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JSET | BPF_K, CLONE_THREAD, 1, 0);
    program[n++] = kill;
    program[n++] = allow;
    // No other filter.
    program[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_prctl, 0, 4);
    program[n++] = first;
    program[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, PR_SET_SECCOMP, 0, 1);
    program[n++] = kill;
    program[n++] = allow;
    // Older versions of Landlock do not keep signals within a domain.
    program[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_tgkill, 0, 4);
    program[n++] = first;
    *pid_at = (uint16_t)n;
    program[n++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, 0, 1, 0);
    program[n++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | EPERM);
    program[n++] = allow;
    program[n++] = allow;
    return n;
}

/// Sends the zygote what a fork of it needs: the filter; the socket over which it presents itself, the rules of its
/// domain; and, in version 1, the groups that it is to join by itself.
static int send_fork(const struct csb_spawner *spawner, const struct csb_zygote *zygote, const struct csb_slot *slot,
                     int far) {
    struct {
        uint8_t kind, reserved;
        uint16_t pid_at;
        uint32_t count;
        struct sock_filter program[CSB_FORK_PROGRAM_MAX];
    } message = {.kind = MESSAGE_FORK};
    message.count = (uint32_t)fork_filter(message.program, &message.pid_at);
    const struct iovec part = {&message, offsetof(typeof(message), program) + message.count * sizeof *message.program};
    const struct csb_cgroups *cgroups = &spawner->nursery.cgroups;
    const size_t joins = cgroups->version == 1 ? cgroups->count : 0;
    int sent[2 + CSB_TREES_MAX] = {far, spawner->nursery.fork_rules};
    memcpy(sent + 2, slot->group.join, joins * sizeof *sent);
    return csb_send(zygote->control, &part, 1, sent, 2 + joins, MSG_DONTWAIT);
}

/// The zygote of that id, if it can be asked for forks.
static struct csb_slot *ready_zygote(const struct csb_spawner *spawner, uint64_t id) {
    struct csb_slot *parent = csb_slot_find(spawner, id);
    if (!parent || parent->state != CSB_SLOT_LIVE || !parent->zygote) return NULL;
    return parent->zygote->is_ready && parent->zygote->control >= 0 ? parent : NULL;
}

int csb_zygote_fork(struct csb_spawner *spawner, uint32_t index, uint64_t id, const int *descriptors) {
    struct csb_slot *slot = &spawner->slots[index], *parent = ready_zygote(spawner, id);
    if (!parent) return -ESRCH;
    struct csb_zygote *zygote = parent->zygote;
    if (zygote->used == CSB_ZYGOTE_FORKS) return -ENOSPC;
    for (int i = 0; descriptors && i < 3; i++) {
        slot->given[i] = fcntl(descriptors[i + 1], F_DUPFD_CLOEXEC, 4);
        if (slot->given[i] < 0) return -errno;
    }
    int pair[2], one = 1;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair)) return -errno;
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = CSB_WATCH(CSB_WATCH_FORK, slot->id)};
    int result = 0;
    // The kernel adds to what the fork sends who it is, by its number here.
    if (setsockopt(pair[0], SOL_SOCKET, SO_PASSCRED, &one, sizeof one)) result = -errno;
    if (!result && epoll_ctl(spawner->watches, EPOLL_CTL_ADD, pair[0], &event)) result = -errno;
    if (!result) result = send_fork(spawner, zygote, slot, pair[1]);
    csb_close(&pair[1]);
    if (result) {
        csb_close(&pair[0]);
        return result;
    }
    slot->fork_socket = pair[0];
    slot->zygote_id = id;
    slot->tmp = zygote->tmps[zygote->used];
    zygote->tmps[zygote->used++] = -1;
    slot->state = CSB_SLOT_FORKING;
    spawner->pending++;
    return 0;
}

// MARK: - The fork that waits

static bool has_spare(const struct csb_spawner *spawner, uint64_t id) {
    for (uint32_t i = 0; i < spawner->used_count; i++) {
        const struct csb_slot *slot = &spawner->slots[spawner->used[i]];
        if (slot->is_spare && slot->zygote_id == id && slot->state <= CSB_SLOT_SPARE) return true;
    }
    return false;
}

void csb_zygote_prepare_spare(struct csb_spawner *spawner) {
    for (uint32_t i = 0; i < spawner->used_count; i++) {
        struct csb_slot *parent = &spawner->slots[spawner->used[i]];
        if (!parent->zygote || !parent->zygote->wants_spare) continue;
        parent->zygote->wants_spare = false;
        spawner->spares_wanted--;
        if (!ready_zygote(spawner, parent->id) || parent->kill_asked) return;
        if (parent->zygote->used == CSB_ZYGOTE_FORKS || has_spare(spawner, parent->id)) return;
        struct csb_spawn_request request = parent->zygote->request;
        request.id = csb_slot_own_id(spawner);
        request.zygote = parent->id;
        request.origin = CSB_ORIGIN_FORK;
        return csb_slots_fork_ahead(spawner, &request);
    }
}

/// Has another one made, a moment later: the call that took the last one goes first.
void csb_zygote_want_spare(struct csb_spawner *spawner, struct csb_slot *parent) {
    if (!parent || !parent->zygote || parent->zygote->wants_spare) return;
    parent->zygote->wants_spare = true;
    spawner->spares_wanted++;
}

/// Lets a fork go, with its output, its error output and its frame socket.
static int let_go(struct csb_slot *slot, const int given[3]) {
    const struct iovec part = {"", 1};
    int result = csb_send(slot->fork_socket, &part, 1, given, 3, MSG_DONTWAIT);
    csb_close(&slot->fork_socket);
    return result;
}

bool csb_zygote_take_spare(struct csb_spawner *spawner, const struct csb_spawn_request *request,
                           const int *descriptors) {
    for (uint32_t i = 0; i < spawner->used_count; i++) {
        struct csb_slot *slot = &spawner->slots[spawner->used[i]];
        if (slot->state != CSB_SLOT_SPARE || slot->zygote_id != request->zygote) continue;
        struct epoll_event event = {.events = EPOLLIN, .data.u64 = CSB_WATCH(CSB_WATCH_END, request->id)};
        if (epoll_ctl(spawner->watches, EPOLL_CTL_MOD, slot->pidfd, &event)) return false;
        slot->asked = csb_now();
        // Should it not hear, it is ended: the node is told of its end as of any other's.
        const bool failed = let_go(slot, descriptors + 1) != 0;
        slot->id = request->id;
        slot->is_spare = false;
        csb_slot_lives(spawner, spawner->used[i]);
        if (failed) csb_slots_kill(spawner, slot->id);
        csb_zygote_want_spare(spawner, csb_slot_find(spawner, request->zygote));
        return true;
    }
    return false;
}

// MARK: - Taking a fork for an instance

/// Mounts the file system over /tmp in that mount namespace, and comes back.
static int mount_tmp(const struct csb_nursery *nursery, int namespace, int tmp) {
    if (setns(namespace, CLONE_NEWNS)) return -errno;
    // The root in there is ours and read-only, so that the path leads where it always does.
    int result = syscall(SYS_move_mount, tmp, "", AT_FDCWD, "/tmp", MOVE_EMPTY_PATH) ? -errno : 0;
    // Whoever cannot come back must not go on: it would take an instance's root for its own.
    if (setns(nursery->own_mounts, CLONE_NEWNS)) _exit(1);
    return result;
}

/// What a fork sends over its socket: its mount namespace; and who it is, which the kernel says.
static int receive_fork(int socket, int *pid, int *namespace) {
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(struct ucred)) + CMSG_SPACE(sizeof(int) * 4)];
    } control;
    char byte[8];
    struct iovec part = {byte, sizeof byte};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    ssize_t length;
    *pid = *namespace = -1;
    do {
        length = recvmsg(socket, &message, MSG_DONTWAIT | MSG_CMSG_CLOEXEC);
    } while (length < 0 && errno == EINTR);
    if (length < 0) return -errno;
    for (struct cmsghdr *header = CMSG_FIRSTHDR(&message); header; header = CMSG_NXTHDR(&message, header)) {
        if (header->cmsg_level != SOL_SOCKET) continue;
        if (header->cmsg_type == SCM_CREDENTIALS) {
            struct ucred who;
            memcpy(&who, CMSG_DATA(header), sizeof who);
            *pid = who.pid;
        }
        if (header->cmsg_type != SCM_RIGHTS) continue;
        for (size_t i = 0; i < (header->cmsg_len - CMSG_LEN(0)) / sizeof(int); i++) {
            csb_close(namespace);
            memcpy(namespace, CMSG_DATA(header) + i * sizeof(int), sizeof(int));
        }
    }
    // Nothing: it ended before it came so far.
    if (length == 0) return -ECHILD;
    return *pid > 0 && *namespace >= 0 ? 0 : -EPROTO;
}

/// Whether the process is the zygote's child and has given up what its zygote has and an instance has not.
static int inspect(const struct csb_nursery *nursery, const struct csb_slot *parent, int pid, int32_t *inner) {
    char status[4096];
    int result = csb_process_read(nursery->host_proc, pid, "status", status, sizeof status);
    if (result) return result;
    static const char *const empty[] = {"\nCapInh:", "\nCapPrm:", "\nCapEff:", "\nCapBnd:", "\nCapAmb:"};
    for (size_t i = 0; i < sizeof empty / sizeof *empty; i++)
        if (csb_status_number(status, empty[i], 16) != 0) return -EPERM;
    if (csb_status_number(status, "\nPPid:", 10) != parent->pid) return -EPERM;
    if (csb_status_number(status, "\nThreads:", 10) != 1) return -EPERM;
    if (csb_status_number(status, "\nNoNewPrivs:", 10) != 1) return -EPERM;
    if (csb_status_number(status, "\nSeccomp_filters:", 10) != parent->zygote->filters + 1) return -EPERM;
    // The last of its numbers is the one within its own namespace.
    const char *line = strstr(status, "\nNSpid:");
    if (!line) return -ENOTSUP;
    line++;
    const char *end = strchrnul(line, '\n');
    while (end > line && end[-1] != '\t' && end[-1] != ' ') end--;
    *inner = (int32_t)strtol(end, NULL, 10);
    return *inner > 1 ? 0 : -EPROTO;
}

/// Sees to it that the process is in its groups: version 1 has let it join by itself.
static int enter_groups(const struct csb_nursery *nursery, uint32_t index, const struct csb_slot *slot, int pid) {
    char groups[4096];
    if (nursery->cgroups.version != 1) return csb_group_take_in(&nursery->cgroups, &slot->group, pid);
    int result = csb_process_read(nursery->host_proc, pid, "cgroup", groups, sizeof groups);
    return result ? result : csb_group_has(&nursery->cgroups, index, groups) ? 0 : -EPERM;
}

static int take_in(struct csb_spawner *spawner, struct csb_slot *slot, const struct csb_slot *parent) {
    const struct csb_nursery *nursery = &spawner->nursery;
    int pid, namespace;
    int result = receive_fork(slot->fork_socket, &pid, &namespace);
    if (!result && (!parent || !parent->zygote)) result = -ESRCH;
    if (!result && (slot->pidfd = (int)syscall(SYS_pidfd_open, pid, 0)) < 0) result = -errno;
    if (!result) result = inspect(nursery, parent, pid, &slot->inner_pid);
    if (!result) result = enter_groups(nursery, csb_slot_index(spawner, slot), slot, pid);
    if (!result) result = mount_tmp(nursery, namespace, slot->tmp);
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = CSB_WATCH(CSB_WATCH_END, slot->id)};
    if (!result && epoll_ctl(spawner->watches, EPOLL_CTL_ADD, slot->pidfd, &event)) result = -errno;
    if (!result) slot->pid = pid;
    csb_close(&namespace);
    csb_close(&slot->tmp);
    if (!result && !slot->is_spare) result = let_go(slot, slot->given);
    for (int i = 0; i < 3; i++) csb_close(&slot->given[i]);
    // Nothing more comes from it, but its end.
    if (!result && slot->is_spare) (void)epoll_ctl(spawner->watches, EPOLL_CTL_DEL, slot->fork_socket, NULL);
    return result;
}

void csb_zygote_admit(struct csb_spawner *spawner, struct csb_slot *slot) {
    struct csb_slot *parent = csb_slot_find(spawner, slot->zygote_id);
    if (slot->state != CSB_SLOT_FORKING) return;
    int result = take_in(spawner, slot, parent);
    if (!result) {
        spawner->pending--;
        if (slot->is_spare) {
            slot->state = CSB_SLOT_SPARE;
            return;
        }
        csb_slot_lives(spawner, csb_slot_index(spawner, slot));
        csb_zygote_want_spare(spawner, parent);
        if (slot->kill_asked) csb_slots_kill(spawner, slot->id);
        return;
    }
    csb_zygote_fork_failed(spawner, slot, -result);
    // It did not become what it has to be: no fork of this zygote will. One that ended before that is nobody's fault but
    // perhaps its sisters', who may have all the threads there may be: they are not to end with it.
    if (parent && result != -ESRCH && result != -ECHILD) csb_slots_kill(spawner, parent->id);
}

void csb_zygote_fork_failed(struct csb_spawner *spawner, struct csb_slot *slot, int error) {
    if (slot->pidfd >= 0) (void)syscall(SYS_pidfd_send_signal, slot->pidfd, SIGKILL, NULL, 0);
    csb_close(&slot->pidfd);
    csb_close(&slot->tmp);
    csb_close(&slot->fork_socket);
    for (int i = 0; i < 3; i++) csb_close(&slot->given[i]);
    spawner->pending--;
    csb_slot_failed(spawner, csb_slot_index(spawner, slot), CSB_STEP_ZYGOTE, error);
}
