// Zygotes: processes that have initialised and serve no call, but are forked whenever an instance is wanted.
//
// A zygote lives in a sandbox like any instance's. It has two things more: a filter that lets it fork, and CAP_SYS_ADMIN
// within its own user namespace, in which it owns nothing, so that its forks can have mount namespaces of their own. A
// fork gives both up before the spawner takes it for an instance: it unshares its mounts, drops the capability, enters a
// Landlock domain and a filter, and then sends its mount namespace. The spawner looks at what it has become, puts it into
// its groups, mounts its /tmp, and lets it go.
//
// A zygote runs code that nobody here wrote. So nothing waits for it: each step has a deadline, and what it says about
// its forks is believed only where it could not gain by lying (how one of them ended). What they are is asked of the
// kernel.
//
// On the zygote's descriptor 3 packets go to and fro: "fork" with the filter and the descriptors of the instance, "reap"
// with the number of one of its forks; back come "ready" and "ended". FunctionKit and the Python harness speak this too.

#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/audit.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_pidfd_open
#define SYS_pidfd_open 434
#endif
#ifndef SYS_pidfd_send_signal
#define SYS_pidfd_send_signal 424
#endif
#ifndef SYS_fsopen
#define SYS_move_mount 429
#define SYS_fsopen 430
#define SYS_fsconfig 431
#define SYS_fsmount 432
#endif
#ifndef SYS_landlock_restrict_self
#define SYS_landlock_restrict_self 446
#endif

// The names of <linux/mount.h>, which cannot be included beside <sys/mount.h> everywhere.
enum {
    FSOPEN_CLOSE_ON_EXEC = 1,
    FSCONFIG_STRING = 1,
    FSCONFIG_CREATE = 6,
    FSMOUNT_CLOSE_ON_EXEC = 1,
    ATTRIBUTES = 2 | 4 | 8, // no suid, no devices, no exec
    MOVE_EMPTY_PATH = 4,
};

enum message_kind { MESSAGE_FORK = 1, MESSAGE_REAP = 2, MESSAGE_READY = 1, MESSAGE_ENDED = 2 };

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
/// Its socket, and a /tmp for each fork.
#define DESCRIPTORS (1 + CSB_ZYGOTE_FORKS)

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

/// Mounts the file system over /tmp in that mount namespace, and comes back.
static int mount_tmp(const struct csb_nursery *nursery, int namespace, int tmp) {
    if (setns(namespace, CLONE_NEWNS)) return -errno;
    // The root in there is ours and read-only, so that the path leads where it always does.
    int result = syscall(SYS_move_mount, tmp, "", AT_FDCWD, "/tmp", MOVE_EMPTY_PATH) ? -errno : 0;
    // Whoever cannot come back must not go on: it would take an instance's root for its own.
    if (setns(nursery->own_mounts, CLONE_NEWNS)) _exit(1);
    return result;
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

static struct csb_slot *find(const struct csb_spawner *spawner, uint64_t id) {
    for (uint32_t i = 0; i < spawner->used_count; i++)
        if (spawner->slots[spawner->used[i]].id == id) return &spawner->slots[spawner->used[i]];
    return NULL;
}

static uint32_t index_of(const struct csb_spawner *spawner, const struct csb_slot *slot) {
    return (uint32_t)(slot - spawner->slots);
}

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

/// Sends the zygote what a fork of it needs: the filter; its output, its error output, its frame socket, the socket over
/// which it presents itself, the rules of its domain; and, in version 1, the groups that it is to join by itself.
static int send_fork(const struct csb_spawner *spawner, const struct csb_zygote *zygote, const struct csb_slot *slot,
                     const int *descriptors, int far) {
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
    int sent[5 + CSB_TREES_MAX] = {descriptors[1], descriptors[2], descriptors[3], far, spawner->nursery.fork_rules};
    memcpy(sent + 5, slot->group.join, joins * sizeof *sent);
    for (size_t i = 0; i < 5 + joins; i++)
        if (sent[i] < 0) return -EINVAL;
    return csb_send(zygote->control, &part, 1, sent, 5 + joins, MSG_DONTWAIT);
}

int csb_zygote_fork(struct csb_spawner *spawner, uint32_t index, uint64_t id, const int *descriptors) {
    struct csb_slot *slot = &spawner->slots[index], *parent = find(spawner, id);
    struct csb_zygote *zygote = parent && parent->state == CSB_SLOT_LIVE ? parent->zygote : NULL;
    if (!zygote || !zygote->is_ready || zygote->control < 0) return -ESRCH;
    if (zygote->used == CSB_ZYGOTE_FORKS) return -ENOSPC;
    int pair[2], one = 1;
    if (socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, pair)) return -errno;
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = CSB_WATCH(CSB_WATCH_FORK, slot->id)};
    int result = 0;
    // The kernel adds to what the fork sends who it is, by its number here.
    if (setsockopt(pair[0], SOL_SOCKET, SO_PASSCRED, &one, sizeof one)) result = -errno;
    if (!result && epoll_ctl(spawner->watches, EPOLL_CTL_ADD, pair[0], &event)) result = -errno;
    if (!result) result = send_fork(spawner, zygote, slot, descriptors, pair[1]);
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

// MARK: - Taking a fork for an instance

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

/// The number behind `key` in the text of a /proc/PID/status, or -1.
static int64_t status_number(const char *status, const char *key, int base) {
    const char *at = strstr(status, key);
    return at ? (int64_t)strtoull(at + strlen(key), NULL, base) : -1;
}

static int read_of(const struct csb_nursery *nursery, int pid, const char *file, char *text, size_t size) {
    char path[32];
    snprintf(path, sizeof path, "%d/%s", pid, file);
    ssize_t length = csb_read_at(nursery->host_proc, path, text, size);
    return length < 0 ? (int)length : 0;
}

/// Whether the process is the zygote's child and has given up what its zygote has and an instance has not.
static int inspect(const struct csb_nursery *nursery, const struct csb_slot *parent, int pid, int32_t *inner) {
    char status[4096];
    int result = read_of(nursery, pid, "status", status, sizeof status);
    if (result) return result;
    static const char *const empty[] = {"\nCapInh:", "\nCapPrm:", "\nCapEff:", "\nCapBnd:", "\nCapAmb:"};
    for (size_t i = 0; i < sizeof empty / sizeof *empty; i++)
        if (status_number(status, empty[i], 16) != 0) return -EPERM;
    if (status_number(status, "\nPPid:", 10) != parent->pid || status_number(status, "\nThreads:", 10) != 1) return -ESRCH;
    if (status_number(status, "\nNoNewPrivs:", 10) != 1) return -EPERM;
    if (status_number(status, "\nSeccomp_filters:", 10) != parent->zygote->filters + 1) return -EPERM;
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
    int result = read_of(nursery, pid, "cgroup", groups, sizeof groups);
    return result ? result : csb_group_has(&nursery->cgroups, index, groups) ? 0 : -EPERM;
}

/// Tells a zygote that one of its forks has ended, and asks how.
static void send_reap(const struct csb_zygote *zygote, int32_t inner) {
    const struct reap reap = {.kind = MESSAGE_REAP, .pid = inner};
    const struct iovec part = {(void *)&reap, sizeof reap};
    // Should this fail, the deadline for the answer passes.
    if (zygote && zygote->control >= 0) (void)csb_send(zygote->control, &part, 1, NULL, 0, MSG_DONTWAIT);
}

static int take_in(struct csb_spawner *spawner, struct csb_slot *slot, const struct csb_slot *parent) {
    const struct csb_nursery *nursery = &spawner->nursery;
    int pid, namespace;
    int result = receive_fork(slot->fork_socket, &pid, &namespace);
    if (!result && (!parent || !parent->zygote)) result = -ESRCH;
    if (!result && (slot->pidfd = (int)syscall(SYS_pidfd_open, pid, 0)) < 0) result = -errno;
    if (!result) result = inspect(nursery, parent, pid, &slot->inner_pid);
    if (!result) result = enter_groups(nursery, index_of(spawner, slot), slot, pid);
    if (!result) result = mount_tmp(nursery, namespace, slot->tmp);
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = CSB_WATCH(CSB_WATCH_END, slot->id)};
    if (!result && epoll_ctl(spawner->watches, EPOLL_CTL_ADD, slot->pidfd, &event)) result = -errno;
    const struct iovec part = {"", 1};
    if (!result) result = csb_send(slot->fork_socket, &part, 1, NULL, 0, MSG_DONTWAIT);
    if (!result) slot->pid = pid;
    csb_close(&namespace);
    csb_close(&slot->tmp);
    csb_close(&slot->fork_socket);
    return result;
}

void csb_zygote_admit(struct csb_spawner *spawner, struct csb_slot *slot) {
    struct csb_slot *parent = find(spawner, slot->zygote_id);
    if (slot->state != CSB_SLOT_FORKING) return;
    int result = take_in(spawner, slot, parent);
    if (!result) {
        spawner->pending--;
        csb_slot_lives(spawner, index_of(spawner, slot));
        if (slot->kill_asked) csb_slots_kill(spawner, slot->id);
        return;
    }
    csb_zygote_fork_failed(spawner, slot, -result);
    // It did not become what it has to be: no fork of this zygote will.
    if (parent && result != -ESRCH) csb_slots_kill(spawner, parent->id);
}

void csb_zygote_fork_failed(struct csb_spawner *spawner, struct csb_slot *slot, int error) {
    if (slot->pidfd >= 0) (void)syscall(SYS_pidfd_send_signal, slot->pidfd, SIGKILL, NULL, 0);
    csb_close(&slot->pidfd);
    csb_close(&slot->tmp);
    csb_close(&slot->fork_socket);
    spawner->pending--;
    csb_slot_failed(spawner, index_of(spawner, slot), CSB_STEP_ZYGOTE, error);
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
        !read_of(&spawner->nursery, parent->pid, "status", status, sizeof status)) {
        zygote->filters = status_number(status, "\nSeccomp_filters:", 10);
        zygote->is_ready = zygote->is_news = true;
        spawner->news++;
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

void csb_zygote_fork_ended(struct csb_spawner *spawner, struct csb_slot *slot) {
    if (slot->state != CSB_SLOT_LIVE) return;
    const struct csb_slot *parent = find(spawner, slot->zygote_id);
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
        csb_slot_ended(spawner, index_of(spawner, slot), -1, SIGKILL, 0, 0);
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
        if (slot->state == CSB_SLOT_LIVE || slot->state == CSB_SLOT_REAPING)
            csb_slot_ended(spawner, spawner->used[i], -1, SIGKILL, 0, 0);
    }
    spawner->news -= parent->zygote->is_news;
    csb_zygote_free(spawner, parent->zygote);
    parent->zygote = NULL;
}
