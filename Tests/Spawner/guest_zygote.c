// A zygote, and its forks, of the checks and of the attacks: the other side of CSandbox/zygote.c, as short as it gets. It
// does it rightly, or breaks a rule that its argument names.

#define _GNU_SOURCE
#include "guest.h"

#include <fcntl.h>
#include <linux/filter.h>
#include <sched.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#define CONTROL 3

static size_t receive(int socket, uint8_t *bytes, size_t size, int *descriptors, size_t *count) {
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int) * 16)];
    } control;
    struct iovec part = {bytes, size};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    ssize_t length = recvmsg(socket, &message, 0);
    struct cmsghdr *header = length > 0 ? CMSG_FIRSTHDR(&message) : NULL;
    *count = header ? (header->cmsg_len - CMSG_LEN(0)) / sizeof(int) : 0;
    if (header) memcpy(descriptors, CMSG_DATA(header), *count * sizeof(int));
    return length > 0 ? (size_t)length : 0;
}

static bool present(int socket, int descriptor) {
    union {
        struct cmsghdr header;
        char bytes[CMSG_SPACE(sizeof(int))];
    } control = {.header = {CMSG_LEN(sizeof(int)), SOL_SOCKET, SCM_RIGHTS}};
    struct iovec part = {"", 1};
    struct msghdr message = {
        .msg_iov = &part, .msg_iovlen = 1, .msg_control = &control, .msg_controllen = sizeof control};
    memcpy(CMSG_DATA(&control.header), &descriptor, sizeof descriptor);
    return sendmsg(socket, &message, 0) == 1;
}

/// Takes output, error output and the socket to the node, and closes whatever else there is.
static bool take(const int given[3]) {
    for (int i = 0; i < 3; i++)
        if (dup2(given[i], i + 1) != i + 1) return false;
    for (int i = CONTROL + 1; i < 64; i++) (void)close(i);
    return true;
}

static bool become_instance(const char *broken, uint8_t *bytes, const int *descriptors, size_t count) {
    struct __attribute__((packed)) {
        uint32_t version;
        int pid;
    } header = {0x20080522, 0};
    uint32_t none[6] = {0}, length;
    uint16_t pid_at;
    memcpy(&pid_at, bytes + 2, sizeof pid_at);
    memcpy(&length, bytes + 4, sizeof length);
    struct sock_filter filter[64];
    memcpy(filter, bytes + 8, length * sizeof *filter);
    filter[pid_at].k = (uint32_t)getpid();
    struct sock_fprog program = {(unsigned short)length, filter};
    bool groups = strcmp(broken, "groups"), capability = strcmp(broken, "capability"), own = strcmp(broken, "filter");
    for (size_t i = 2; groups && i < count; i++)
        if (write(descriptors[i], "0", 1) != 1) return false;
    if (unshare(CLONE_NEWNS)) return false;
    if (capability && syscall(SYS_capset, &header, none)) return false;
    int mounts = open("/proc/self/ns/mnt", O_RDONLY);
    if (syscall(446, descriptors[1], 0)) return false;
    if (own && prctl(PR_SET_SECCOMP, 2, &program, 0, 0)) return false;
    if (!strcmp(broken, "silent")) pause();
    if (!strcmp(broken, "late")) usleep(100000);
    if (!present(descriptors[0], mounts)) return false;
    int given[16];
    size_t given_count;
    uint8_t go[8];
    if (!receive(descriptors[0], go, sizeof go, given, &given_count) || given_count != 3) return false;
    return take(given);
}

bool guest_standby(void) {
    uint8_t go[8];
    int given[16];
    size_t count;
    return receive(CONTROL, go, sizeof go, given, &count) && count == 3 && take(given);
}

int guest_zygote(const char *broken, int (*instance)(void)) {
    static uint8_t bytes[1024];
    int descriptors[16];
    size_t count;
    if (send(CONTROL, "\1", 1, 0) != 1) return 1;
    while (receive(CONTROL, bytes, sizeof bytes, descriptors, &count)) {
        if (bytes[0] == 1) {
            if (fork() == 0) {
                if (!become_instance(broken, bytes, descriptors, count)) return 4;
                return instance();
            }
            for (size_t i = 0; i < count; i++) close(descriptors[i]);
        } else {
            struct {
                uint8_t kind, reserved[3];
                int32_t pid, code, signal;
                uint64_t cpu;
            } ended = {.kind = 2};
            int status = 0;
            struct rusage usage;
            memcpy(&ended.pid, bytes + 4, sizeof ended.pid);
            if (wait4(ended.pid, &status, 0, &usage) != ended.pid) return 1;
            ended.cpu = ((uint64_t)usage.ru_utime.tv_usec + (uint64_t)usage.ru_stime.tv_usec) * 1000;
            ended.code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
            ended.signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
            if (!strcmp(broken, "babble")) ended.kind = 99;
            if (send(CONTROL, &ended, sizeof ended, 0) != sizeof ended) return 1;
        }
    }
    return 0;
}
