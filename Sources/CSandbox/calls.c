// The system calls that a version makes, narrower than what its runtime's profile allows.
//
// A filter of a few instructions lies above the profile's and asks the spawner about every call that is not on the list
// (a seccomp user notification). Of a listed version, the first such call is its end, and since the caller waits for us
// we know which call it was, on every kernel and for every user. Of a version that is being learned, the call is noted
// and goes on to the profile's filter, which still decides. A listed instance whose spawner is gone gets ENOSYS.

#include "internal.h"

#include <errno.h>
#include <linux/seccomp.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static bool contains(const uint64_t *calls, size_t number) { return calls[number / 64] >> (number % 64) & 1; }

// MARK: - The filter

/// Appends what lets every listed call pass: for each run of numbers one comparison or two, and the answer.
static size_t append_runs(const uint64_t *listed, const uint64_t *passing, struct sock_filter *program, size_t length) {
    uint64_t calls[CSB_CALLS_WORDS];
    for (size_t i = 0; i < CSB_CALLS_WORDS; i++) calls[i] = listed[i] | passing[i];
    for (size_t first = 0; first < CSB_CALLS_WORDS * 64; first++) {
        if (!contains(calls, first)) continue;
        size_t last = first;
        while (last + 1 < CSB_CALLS_WORDS * 64 && contains(calls, last + 1)) last++;
        if (first == last) {
            program[length++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, (uint32_t)first, 0, 1);
        } else {
            program[length++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGE | BPF_K, (uint32_t)first, 0, 2);
            program[length++] = (struct sock_filter)BPF_JUMP(BPF_JMP | BPF_JGT | BPF_K, (uint32_t)last, 1, 0);
        }
        program[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
        first = last;
    }
    return length;
}

size_t csb_calls_program(const uint64_t *listed, const uint64_t *passing, bool asks, struct sock_filter *program) {
    // Numbers of other architectures need no thought: the profile's filter kills for them, and the stricter one wins.
    size_t length = 0;
    program[length++] =
        (struct sock_filter)BPF_STMT(BPF_LD | BPF_W | BPF_ABS, (uint32_t)offsetof(struct seccomp_data, nr));
    length = append_runs(listed, passing, program, length);
    program[length++] = (struct sock_filter)BPF_STMT(BPF_RET | BPF_K,
                                                     asks ? SECCOMP_RET_USER_NOTIF : SECCOMP_RET_KILL_PROCESS);
    return length;
}

bool csb_calls_can_ask(void) {
    uint32_t action = SECCOMP_RET_USER_NOTIF;
    return !syscall(SYS_seccomp, SECCOMP_GET_ACTION_AVAIL, 0, &action);
}

int csb_calls_enter(const struct sock_fprog *program, int asks_over) {
    if (asks_over < 0) return csb_filter_load(program);
    // Close-on-exec, as all listeners are: the program that is started never sees it.
    long listener = syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, program);
    if (listener < 0) return -errno;
    // sendmsg is one of those that pass without a question; nobody could answer one before we have left this memory.
    const int descriptor = (int)listener;
    const struct iovec part = {"", 1};
    return csb_send(asks_over, &part, 1, &descriptor, 1, MSG_DONTWAIT);
}

// MARK: - Answers

int csb_calls_listen(int watches, struct csb_slot *slot, int near) {
    char byte;
    size_t count = 0;
    const struct iovec part = {&byte, 1};
    ssize_t length = csb_receive(near, &part, 1, &slot->listener, 1, &count, MSG_DONTWAIT);
    if (length < 0) return (int)length;
    if (length == 0 || count != 1) return -EPROTO;
    struct epoll_event event = {.events = EPOLLIN, .data.u64 = CSB_WATCH(CSB_WATCH_CALLS, slot->id)};
    if (!epoll_ctl(watches, EPOLL_CTL_ADD, slot->listener, &event)) return 0;
    int error = errno;
    csb_close(&slot->listener);
    return -error;
}

enum csb_calls_answer csb_calls_answer(struct csb_slot *slot) {
    // The kernel fills what it knows of, which may be more than these headers do.
    union {
        struct seccomp_notif notification;
        char bytes[512];
    } question;
    union {
        struct seccomp_notif_resp response;
        char bytes[512];
    } reply;
    memset(&question, 0, sizeof question);
    if (ioctl(slot->listener, SECCOMP_IOCTL_NOTIF_RECV, &question))
        return errno == ENOENT || errno == EINTR ? CSB_CALLS_ANSWERED : CSB_CALLS_GONE;
    int number = question.notification.data.nr;
    if (slot->learns && number >= 0 && number < CSB_CALLS_WORDS * 64) {
        slot->calls[number / 64] |= UINT64_C(1) << (number % 64);
        memset(&reply, 0, sizeof reply);
        reply.response.id = question.notification.id;
        reply.response.flags = SECCOMP_USER_NOTIF_FLAG_CONTINUE;
        // ENOENT: a signal or its end took the caller away while it waited.
        if (!ioctl(slot->listener, SECCOMP_IOCTL_NOTIF_SEND, &reply) || errno == ENOENT) return CSB_CALLS_ANSWERED;
    }
    slot->refused = number;
    return CSB_CALLS_REFUSED;
}
