// The egress broker's processes. A *keeper*, started while the node still has its privileges, owns nothing but the
// right to start the broker as a user of its own; each time the node hands it a socket, it ends the broker there was
// and starts another on that socket. The *broker* then confines itself, before it reads the first byte from the node.

#include "internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define NODE_SOCKET 3
/// Its filter goes through a file in memory, the one thing that the broker ever writes to a file.
#define FILTER_BYTES_MAX 65536
/// Whom the broker is where its own number means nothing: in a container only part of the numbers may.
#define NOBODY 65534u

/// Exit codes of a broker that did not begin, by the step that failed.
enum { FAILED_USER = 64, FAILED_PRIVILEGES = 65, FAILED_LIMITS = 66, FAILED_DESCRIPTORS = 67, FAILED_EXEC = 68 };

static bool set_limit(int resource, rlim_t value) {
    struct rlimit limit = {value, value};
    if (!setrlimit((__rlimit_resource_t)resource, &limit)) return true;
    // A limit that is lower already cannot be raised, and need not be.
    return errno == EPERM && !getrlimit((__rlimit_resource_t)resource, &limit) && limit.rlim_cur <= value;
}

static int become(uint32_t user) {
    if (geteuid() != 0) return csb_drop_privileges(getuid(), getgid());
    int result = csb_drop_privileges(user, user);
    return result == -EINVAL ? csb_drop_privileges(NOBODY, NOBODY) : result;
}

/// The child: takes the node's socket, gives up what it has, and becomes the broker.
static _Noreturn void exec_broker(int program, char *const argv[], int socket, uint32_t user) {
    if (become(user)) _exit(FAILED_USER);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) _exit(FAILED_PRIVILEGES);
    // The keeper's end is the broker's; it may have come before this was said.
    if (prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0) || getppid() == 1) _exit(FAILED_PRIVILEGES);
    if (!set_limit(RLIMIT_CORE, 0) || !set_limit(RLIMIT_FSIZE, FILTER_BYTES_MAX) || !set_limit(RLIMIT_NOFILE, 1024) ||
        !set_limit(RLIMIT_DATA, (rlim_t)1 << 30) || !set_limit(RLIMIT_STACK, 1 << 20))
        _exit(FAILED_LIMITS);
    // All that we have is close-on-exec, but for this one.
    if (socket == NODE_SOCKET ? fcntl(socket, F_SETFD, 0) : dup2(socket, NODE_SOCKET) != NODE_SOCKET)
        _exit(FAILED_DESCRIPTORS);
    char *const environment[] = {"PATH=/usr/bin:/bin", "LC_ALL=C", NULL};
    (void)syscall(SYS_execveat, program, "", argv, environment, AT_EMPTY_PATH);
    _exit(FAILED_EXEC);
}

/// Waits for a socket from the node; -1 at the end of the node.
static int receive_socket(int control) {
    for (;;) {
        char byte;
        union {
            struct cmsghdr header;
            char bytes[CMSG_SPACE(sizeof(int))];
        } space = {0};
        struct iovec vector = {&byte, 1};
        struct msghdr message = {
            .msg_iov = &vector, .msg_iovlen = 1, .msg_control = space.bytes, .msg_controllen = sizeof space.bytes};
        ssize_t length = recvmsg(control, &message, MSG_CMSG_CLOEXEC);
        if (length < 0 && errno == EINTR) continue;
        if (length <= 0) return -1;
        struct cmsghdr *header = CMSG_FIRSTHDR(&message);
        if (!header || header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_RIGHTS) continue;
        int socket;
        memcpy(&socket, CMSG_DATA(header), sizeof socket);
        return socket;
    }
}

static void end(pid_t *broker) {
    if (*broker <= 0) return;
    // It is our child and not waited for yet, so the number is still its own.
    (void)kill(*broker, SIGKILL);
    while (waitpid(*broker, NULL, 0) < 0 && errno == EINTR) continue;
    *broker = 0;
}

int csb_egress_keep(int control, uint32_t user, char *const argv[]) {
    int program = open("/proc/self/exe", O_RDONLY | O_CLOEXEC);
    if (program < 0) return -errno;
    // The end of the node's socket is what ends us; a signal to all of the node's processes must not come first.
    (void)signal(SIGTERM, SIG_IGN);
    (void)signal(SIGINT, SIG_IGN);
    (void)signal(SIGHUP, SIG_IGN);
    (void)fcntl(control, F_SETFD, FD_CLOEXEC);
    uint64_t kept = geteuid() == 0 ? 1u << CAP_SETUID | 1u << CAP_SETGID | 1u << CAP_KILL | 1u << CAP_SETPCAP : 0;
    // Without the right to change it, the bounding set stays; what counts is what we hold.
    (void)csb_drop_bounding(kept);
    (void)csb_keep_capabilities(kept);
    if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) return -errno;
    pid_t broker = 0;
    for (int socket; (socket = receive_socket(control)) >= 0;) {
        end(&broker);
        broker = fork();
        if (broker == 0) exec_broker(program, argv, socket, user);
        // Where there is no process to be had, the node sees the end of its socket and tries again later.
        close(socket);
    }
    end(&broker);
    return 0;
}

/// Landlock holds for the thread that asks for it and those it makes: there must be no other yet.
static bool is_single_threaded(void) {
    DIR *tasks = opendir("/proc/self/task");
    if (!tasks) return false;
    int count = 0;
    while (readdir(tasks)) count++;
    closedir(tasks);
    return count == 3;
}

static int restrict_files(int abi, const char *const paths[]) {
    // It may connect to any port, since which ones it should is not known here; it may not take one.
    int rules = csb_landlock_create_with(abi, 1);
    if (rules < 0) return rules;
    int result = 0;
    for (size_t i = 0; !result && paths[i]; i++) {
        int path = open(paths[i], O_PATH | O_CLOEXEC);
        // Not every machine has all of them.
        if (path < 0) continue;
        int folder = open(paths[i], O_PATH | O_DIRECTORY | O_CLOEXEC);
        unsigned access = CSB_ACCESS_READ | (folder < 0 ? CSB_ACCESS_FILE : 0);
        result = csb_landlock_allow(rules, abi, path, access);
        csb_close(&folder);
        csb_close(&path);
    }
    if (!result) result = csb_landlock_enter(rules);
    csb_close(&rules);
    return result;
}

int csb_egress_confine(const char *const paths[], int *landlock_abi, int *has_filter) {
    *landlock_abi = csb_landlock_abi();
    *has_filter = 0;
    if (!is_single_threaded()) return -EBUSY;
    if (prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) || prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0)) return -errno;
    struct sock_fprog filter = {0};
    int result = csb_filter_build(CSB_FILTER_EGRESS, 0, 0, &filter);
    if (!result && !set_limit(RLIMIT_FSIZE, 0)) result = -errno;
    if (!result && *landlock_abi) result = restrict_files(*landlock_abi, paths);
    if (result) return result;
    result = csb_filter_load(&filter);
    // A kernel without filters: the node says so, as it does of instances.
    if (result == -EINVAL || result == -ENOSYS) return 0;
    *has_filter = !result;
    return result;
}
