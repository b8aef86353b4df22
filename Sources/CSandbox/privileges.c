// Giving up privileges, in the spawner and in the node, and starting the spawner while the node still has them.

#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <sys/prctl.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#ifndef SYS_close_range
#define SYS_close_range 436
#endif

static int capabilities_get(struct __user_cap_data_struct data[2]) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    return syscall(SYS_capget, &header, data) ? -errno : 0;
}

static int capabilities_set(uint64_t keep) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct data[2];
    int result = capabilities_get(data);
    if (result) return result;
    for (int i = 0; i < 2; i++) {
        data[i].permitted &= (uint32_t)(keep >> 32 * i);
        data[i].effective = data[i].permitted;
        data[i].inheritable = 0;
    }
    return syscall(SYS_capset, &header, data) ? -errno : 0;
}

bool csb_has_capability(int capability) {
    struct __user_cap_data_struct data[2];
    if (capabilities_get(data)) return false;
    return data[capability / 32].effective >> capability % 32 & 1;
}

// Also called between clone and exec: system calls only.
int csb_drop_bounding(uint64_t keep) {
    for (int capability = 0; capability < 64; capability++) {
        if (capability < 63 && keep >> capability & 1) continue;
        if (!prctl(PR_CAPBSET_DROP, capability, 0, 0, 0)) continue;
        // EINVAL: beyond the last capability this kernel knows.
        if (errno == EINVAL) return 0;
        return -errno;
    }
    return 0;
}

int csb_keep_capabilities(uint64_t keep) {
    int result = csb_drop_bounding(keep);
    if (!result && prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0)) result = -errno;
    return result ? result : capabilities_set(keep);
}

int csb_enter_user_namespace(void) {
    // The only map an ordinary user may write by itself: one id, its own. It is not called 0 in here: a namespace in
    // which somebody's 0 is mapped may hand it on only with CAP_SETFCAP, and nothing needs a root, capabilities do.
    char users[32], groups[32];
    snprintf(users, sizeof users, CSB_INNER_ID " %u 1", geteuid());
    snprintf(groups, sizeof groups, CSB_INNER_ID " %u 1", getegid());
    if (unshare(CLONE_NEWUSER)) return -errno;
    int result = csb_write_at(AT_FDCWD, "/proc/self/setgroups", "deny");
    if (!result) result = csb_write_at(AT_FDCWD, "/proc/self/uid_map", users);
    if (!result) result = csb_write_at(AT_FDCWD, "/proc/self/gid_map", groups);
    return result;
}

// MARK: - For the node

int csb_drop_privileges(uint32_t uid, uint32_t gid) {
    if (uid == 0 || gid == 0 || uid == UINT32_MAX || gid == UINT32_MAX) return -EINVAL;
    if (geteuid() != 0 && getuid() != 0) {
        // Nothing to give up but capabilities that somebody may have lent us.
        return getuid() == uid && getgid() == gid ? capabilities_set(0) : -EPERM;
    }
    // The bounding set goes while we may change it; without CAP_SETPCAP the rest still holds.
    int bounding = csb_drop_bounding(0);
    if (bounding && bounding != -EPERM) return bounding;
    // The C library's calls reach every thread of the process, unlike the bare system calls.
    if (setgroups(0, NULL) || setresgid(gid, gid, gid) || setresuid(uid, uid, uid)) return -errno;
    int result = capabilities_set(0);
    if (result) return result;
    bool regained = setresuid(-1, 0, -1) == 0 || setresgid(-1, 0, -1) == 0;
    if (regained || getuid() != uid || geteuid() != uid) return -ENOTRECOVERABLE;
    return 0;
}

/// The child of vfork: only system calls, since it runs in its parent's memory.
static _Noreturn void exec_spawner(const char *path, char *const argv[], int socket, const sigset_t *mask,
                                   volatile int *error) {
    struct sigaction standard = {.sa_handler = SIG_DFL};
    // Handlers would run in the parent's memory, and ignored signals would stay ignored after the exec.
    for (int signal = 1; signal < 65; signal++) (void)sigaction(signal, &standard, NULL);
    (void)setsid();
    if (socket == 3 ? fcntl(3, F_SETFD, 0) == 0 : dup2(socket, 3) == 3) {
        // Where the kernel has no close_range, all that the node opens is close-on-exec anyway.
        (void)syscall(SYS_close_range, 4, ~0u, 0);
        (void)sigprocmask(SIG_SETMASK, mask, NULL);
        execve(path, argv, (char *const[]){"PATH=/usr/bin:/bin", "LC_ALL=C", NULL});
    }
    *error = errno;
    _exit(127);
}

int csb_start_spawner(const char *path, char *const argv[], int socket) {
    sigset_t all, none, before;
    volatile int error = 0;
    sigfillset(&all);
    sigemptyset(&none);
    // No handler of ours may run in the child while it shares our memory.
    if (pthread_sigmask(SIG_SETMASK, &all, &before)) return -EINVAL;
    pid_t pid = vfork();
    if (pid == 0) exec_spawner(path, argv, socket, &none, &error);
    int failure = pid < 0 ? errno : error;
    if (pid > 0 && failure) (void)waitpid(pid, NULL, 0);
    (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
    return failure ? -failure : pid;
}
