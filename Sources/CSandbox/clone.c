// Creating a process that shares our memory until it execs.
//
// CLONE_VM | CLONE_VFORK copies no page tables (a fork of a large process costs tens of milliseconds) and lets the
// child report a failure by a store. The child runs on a stack of its own, so that it cannot overwrite the frames to which we
// return. That takes a few instructions of assembly, because a child cannot return through syscall(3)'s frame.

#include "internal.h"

#include <errno.h>
#include <sched.h>
#include <signal.h>
#include <sys/syscall.h>
#include <unistd.h>

#define STACK_SIZE 65536
#ifndef CLONE_INTO_CGROUP
#define CLONE_INTO_CGROUP 0x200000000ull
#endif

// One stack is enough: CLONE_VFORK suspends us until the child has left our memory.
static _Alignas(64) char stack[STACK_SIZE];

struct entry {
    void (*function)(void *);
    void *argument;
};

static int enter(void *context) {
    const struct entry *entry = context;
    entry->function(entry->argument);
    _exit(127);
}

#if defined(__x86_64__)
static long clone3_call(struct csb_clone_args *args, struct entry *entry) {
    long result;
    register int (*function)(void *) __asm__("r8") = enter;
    register void *argument __asm__("r9") = entry;
    // The kernel keeps every register but rax, rcx and r11; the child starts with ours and the new stack pointer.
    __asm__ volatile(
        "syscall\n\t"
        "testq %%rax, %%rax\n\t"
        "jnz 1f\n\t"
        "xorl %%ebp, %%ebp\n\t"
        "movq %%r9, %%rdi\n\t"
        "callq *%%r8\n\t"
        "ud2\n"
        "1:"
        : "=a"(result)
        : "a"((long)SYS_clone3), "D"(args), "S"(sizeof *args), "r"(function), "r"(argument)
        : "rcx", "r11", "memory", "cc");
    return result;
}
#elif defined(__aarch64__)
static long clone3_call(struct csb_clone_args *args, struct entry *entry) {
    register long number __asm__("x8") = SYS_clone3;
    register long result __asm__("x0") = (long)args;
    register long size __asm__("x1") = sizeof *args;
    register int (*function)(void *) __asm__("x2") = enter;
    register void *argument __asm__("x3") = entry;
    __asm__ volatile(
        "svc #0\n\t"
        "cbnz x0, 1f\n\t"
        "mov x29, xzr\n\t"
        "mov x0, x3\n\t"
        "blr x2\n\t"
        "brk #0\n"
        "1:"
        : "+r"(result)
        : "r"(number), "r"(size), "r"(function), "r"(argument)
        : "memory", "cc");
    return result;
}
#else
static long clone3_call(struct csb_clone_args *args, struct entry *entry) {
    (void)args, (void)entry;
    return -ENOSYS;
}
#endif

int csb_clone(uint64_t flags, bool shares, int cgroup, int *pidfd, void (*function)(void *), void *argument,
              bool *cgroup_done) {
    struct entry entry = {function, argument};
    *pidfd = -1;
    flags |= CLONE_PIDFD;
    if (shares) flags |= CLONE_VM | CLONE_VFORK;
    struct csb_clone_args args = {
        .flags = flags | (cgroup >= 0 ? CLONE_INTO_CGROUP : 0),
        .pidfd = (uint64_t)(uintptr_t)pidfd,
        .exit_signal = SIGCHLD,
        .stack = (uint64_t)(uintptr_t)stack,
        .stack_size = sizeof stack,
        .cgroup = (uint64_t)(cgroup >= 0 ? cgroup : 0),
    };
    // The child reads it through memory it shares with us, so it must hold before the clone.
    *cgroup_done = cgroup >= 0;
    long result = clone3_call(&args, &entry);
    if (cgroup >= 0 && (result == -EBADF || result == -EACCES || result == -EOPNOTSUPP || result == -EINVAL)) {
        *cgroup_done = false;
        args.flags = flags;
        args.cgroup = 0;
        result = clone3_call(&args, &entry);
    }
    // Some container runtimes answer clone3 with ENOSYS because they cannot look at its flags.
    if (result == -ENOSYS) {
        *cgroup_done = false;
        result = clone(enter, stack + sizeof stack, (int)flags | SIGCHLD, &entry, pidfd);
        if (result < 0) result = -errno;
    }
    return (int)result;
}
