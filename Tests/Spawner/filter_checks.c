// The filters, for this machine and for aarch64: as compiled by the library, run by an interpreter of ours, against the
// rules as written. And what this machine's kernel makes of them.

#include "bpf.h"
#include "check.h"

#include <fcntl.h>
#include <sched.h>
#include <seccomp.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <sys/wait.h>

#define DESCRIPTOR 1023
#define AARCH64 SCMP_ARCH_AARCH64

static struct sock_fprog build(unsigned filter, uint32_t architecture) {
    struct sock_fprog program = {0, NULL};
    REQUIRE(!csb_filter_build(filter, architecture, DESCRIPTOR, &program));
    REQUIRE(program.len > 50 && program.len <= BPF_MAXINSNS);
    return program;
}

static void follow_the_rules(uint32_t architecture) {
    static const uint64_t values[] = {0, 1, 2, 3, 9, 0x5401, 0x541b, CLONE_THREAD, CLONE_THREAD | CLONE_NEWUSER,
                                      CLONE_NEWUSER, CLONE_NEWCGROUP, CLONE_NEWNS, MS_BIND, MS_REMOUNT | MS_BIND,
                                      MS_NOSUID | MS_NODEV | MS_NOEXEC, AT_EMPTY_PATH, DESCRIPTOR, PR_SET_NAME,
                                      PR_SET_SECCOMP, 0x1002, 0x53564d41, UINT64_C(1) << 32 | 3, UINT64_MAX};
    for (unsigned filter = 0; filter < CSB_FILTER_COUNT; filter++) {
        struct sock_fprog program = build(filter, architecture);
        for (int number = -2; number < 1200; number++)
            for (int argument = 0; argument < 6; argument++)
                for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
                    struct seccomp_data call = {.nr = number, .arch = architecture};
                    call.args[argument] = values[i];
                    if (values[i] == DESCRIPTOR) call.args[4] = AT_EMPTY_PATH;
                    const char *wrong =
                        rules_check(filter, architecture, DESCRIPTOR, &call, bpf_run(&program, &call));
                    if (!wrong) continue;
                    fprintf(stderr, "filter %u, call %d, argument %d = %#llx: ", filter, number, argument,
                            (unsigned long long)values[i]);
                    failed(__FILE__, __LINE__, wrong);
                    exit(1);
                }
        free(program.filter);
    }
}

static void follow_the_rules_here(void) { follow_the_rules(seccomp_arch_native()); }
static void follow_the_rules_on_aarch64(void) { follow_the_rules(AARCH64); }

static uint32_t answer(const struct sock_fprog *program, uint32_t architecture, const char *name, uint64_t first,
                       uint64_t fourth) {
    struct seccomp_data call = {.nr = seccomp_syscall_resolve_name_arch(architecture, name), .arch = architecture,
                                .args = {first, 0, 0, fourth, 0, 0}};
    if (call.nr < 0) fprintf(stderr, "%s\n", name);
    REQUIRE(call.nr >= 0);
    return bpf_run(program, &call);
}

/// By name, so that a rule which got lost or went too far shows even where both readings of it agree.
static void name_the_dangerous(uint32_t architecture) {
    static const char *const never[] = {
        "ptrace", "process_vm_readv", "process_vm_writev", "bpf", "perf_event_open", "userfaultfd", "init_module",
        "finit_module", "delete_module", "kexec_load", "reboot", "swapon", "open_by_handle_at", "setns", "add_key",
        "request_key", "keyctl", "acct", "quotactl", "settimeofday", "clock_settime", "sethostname", "kcmp",
        "pidfd_getfd", "open_tree", "mount_setattr", "fanotify_init", "syslog",
        "process_madvise", "memfd_secret", "personality", "vhangup", "lookup_dcookie", "nfsservctl"};
    static const char *const always[] = {
        "read", "write", "openat", "close", "mmap", "munmap", "mprotect", "brk", "futex", "exit", "exit_group",
        "rt_sigaction", "rt_sigreturn", "newfstatat", "epoll_pwait", "ppoll", "getrandom", "clock_gettime", "sendmsg",
        "recvmsg", "set_tid_address", "pipe2", "dup3", "getpid", "sched_yield"};
    static const char *const refused[] = {"socket", "connect", "io_uring_setup", "mlock", "fchown", "mbind"};
    for (unsigned filter = 0; filter < CSB_FILTER_COUNT; filter++) {
        struct sock_fprog program = build(filter, architecture);
        for (size_t i = 0; i < sizeof never / sizeof *never; i++)
            EXPECT(answer(&program, architecture, never[i], 0, 0) == SECCOMP_RET_KILL_PROCESS);
        for (size_t i = 0; i < sizeof always / sizeof *always; i++)
            EXPECT(answer(&program, architecture, always[i], 0, 0) == SECCOMP_RET_ALLOW);
        for (size_t i = 0; i < sizeof refused / sizeof *refused; i++)
            EXPECT((answer(&program, architecture, refused[i], 0, 0) & SECCOMP_RET_ACTION_FULL) == SECCOMP_RET_ERRNO);
        bool spawner = filter == CSB_FILTER_SPAWNER;
        bool zygote = filter == CSB_FILTER_STATIC_ZYGOTE || filter == CSB_FILTER_PYTHON_ZYGOTE;
        uint32_t kill = SECCOMP_RET_KILL_PROCESS, its_own = spawner ? SECCOMP_RET_ALLOW : kill;
        EXPECT(answer(&program, architecture, "mount", 0, MS_BIND) == its_own);
        EXPECT(answer(&program, architecture, "mount", 0, MS_BIND | MS_REMOUNT) == kill);
        EXPECT(answer(&program, architecture, "mount", 0, 0) == kill);
        EXPECT(answer(&program, architecture, "unshare", CLONE_NEWUSER, 0) == its_own);
        // What a fork of a zygote does before it is an instance, and gives up with its own filter.
        uint32_t forks = spawner || zygote ? SECCOMP_RET_ALLOW : kill;
        EXPECT(answer(&program, architecture, "unshare", CLONE_NEWNS, 0) == forks);
        EXPECT(answer(&program, architecture, "unshare", CLONE_NEWNS | CLONE_NEWPID, 0) == kill);
        EXPECT(answer(&program, architecture, "unshare", CLONE_NEWNET, 0) == kill);
        EXPECT(answer(&program, architecture, "capset", 0, 0) == forks);
        EXPECT(answer(&program, architecture, "landlock_restrict_self", 0, 0) == forks);
        EXPECT(answer(&program, architecture, "prctl", PR_SET_SECCOMP, 0) == forks);
        EXPECT(answer(&program, architecture, "pivot_root", 0, 0) == its_own);
        static const char *const makes_tmp[] = {"fsopen", "fsconfig", "fsmount", "move_mount"};
        for (size_t i = 0; i < sizeof makes_tmp / sizeof *makes_tmp; i++)
            EXPECT(answer(&program, architecture, makes_tmp[i], 0, 0) == its_own);
        if (filter != CSB_PROFILE_EXEC && !spawner) {
            EXPECT(answer(&program, architecture, "execve", 0, 0) == kill);
            EXPECT(answer(&program, architecture, "execveat", DESCRIPTOR, 0) == kill);
            EXPECT(answer(&program, architecture, "clone", SIGCHLD, 0) == kill);
            const uint64_t fork_flags = CLONE_CHILD_SETTID | CLONE_CHILD_CLEARTID | SIGCHLD;
            EXPECT(answer(&program, architecture, "clone", fork_flags, 0) == forks);
            EXPECT(answer(&program, architecture, "clone", fork_flags | CLONE_NEWUSER, 0) == kill);
            EXPECT(answer(&program, architecture, "clone", CLONE_THREAD, 0) == SECCOMP_RET_ALLOW);
        }
        // Another architecture's numbers, and those of x32, which has the same architecture.
        const uint32_t others[] = {SCMP_ARCH_X86, SCMP_ARCH_X86_64, SCMP_ARCH_ARM, AARCH64, SCMP_ARCH_RISCV64};
        for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
            struct seccomp_data call = {.nr = 1, .arch = others[i]};
            if (others[i] != architecture) EXPECT(bpf_run(&program, &call) == kill);
        }
        for (int number = 0; number < 600; number++) {
            struct seccomp_data call = {.nr = 0x40000000 | number, .arch = architecture};
            EXPECT(bpf_run(&program, &call) == kill);
        }
        free(program.filter);
    }
}

static void name_the_dangerous_here(void) { name_the_dangerous(seccomp_arch_native()); }
static void name_the_dangerous_on_aarch64(void) { name_the_dangerous(AARCH64); }

// MARK: - In the kernel

static void call_as_64_bits(void) { (void)syscall(SYS_ptrace, 0, 0, 0, 0); }
static void call_allowed(void) { (void)syscall(SYS_getpid); }
#if defined(__x86_64__)
static void call_as_32_bits(void) {
    long result;
    // getpid of the 32-bit table.
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(20L) : "memory");
}
static void call_as_x32(void) { (void)syscall(0x40000000 | SYS_getpid); }
#endif

/// The signal that ends a process which makes the call under the filter; 0 for none.
static int signal_of(const struct sock_fprog *program, void (*call)(void)) {
    int status = 0;
    pid_t pid = fork();
    if (pid == 0) {
        if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) || csb_filter_load(program)) _exit(99);
        call();
        _exit(0);
    }
    REQUIRE(waitpid(pid, &status, 0) == pid);
    EXPECT(!WIFEXITED(status) || WEXITSTATUS(status) == 0);
    return WIFSIGNALED(status) ? WTERMSIG(status) : 0;
}

static void kill_in_the_kernel(void) {
    for (unsigned filter = 0; filter < CSB_FILTER_COUNT; filter++) {
        struct sock_fprog program = build(filter, 0);
        EXPECT(signal_of(&program, call_allowed) == 0);
        EXPECT(signal_of(&program, call_as_64_bits) == SIGSYS);
#if defined(__x86_64__)
        EXPECT(signal_of(&program, call_as_32_bits) == SIGSYS);
        EXPECT(signal_of(&program, call_as_x32) == SIGSYS);
#endif
        free(program.filter);
    }
}

// MARK: - A version's own list

static void list_what_is_listed(void) {
    static struct sock_filter longest[CSB_CALLS_PROGRAM_MAX];
    for (unsigned profile = 0; profile < CSB_PROFILE_COUNT; profile++) {
        for (int round = 0; round < 40; round++) {
            uint64_t listed[CSB_CALLS_WORDS] = {0}, passing[CSB_CALLS_WORDS] = {0};
            // None, all, every second one (the longest program), and others.
            for (int i = 0; i < CSB_CALLS_WORDS; i++)
                for (int bit = 0; bit < 64; bit++)
                    if (round == 1 || (round == 2 && bit % 2) || (round > 2 && (i * 64 + bit) * 2654435761u % round == 0))
                        listed[i] |= UINT64_C(1) << bit;
            if (round != 2) csb_filter_add_passing(profile, passing);
            bool asks = round % 2;
            struct sock_fprog program = {
                (unsigned short)csb_calls_program(listed, passing, asks, longest), longest};
            REQUIRE(program.len <= CSB_CALLS_PROGRAM_MAX);
            uint32_t other = asks ? SECCOMP_RET_USER_NOTIF : SECCOMP_RET_KILL_PROCESS;
            for (int number = -2; number < 1200; number++) {
                struct seccomp_data call = {.nr = number, .arch = seccomp_arch_native()};
                bool known = number >= 0 && number < CSB_CALLS_WORDS * 64;
                bool passes = known && ((listed[number / 64] | passing[number / 64]) >> (number % 64) & 1);
                REQUIRE(bpf_run(&program, &call) == (passes ? SECCOMP_RET_ALLOW : other));
            }
        }
    }
}

static void pass_what_needs_no_listing(void) {
    for (unsigned profile = 0; profile < CSB_PROFILE_COUNT; profile++) {
        uint64_t passing[CSB_CALLS_WORDS] = {0};
        csb_filter_add_passing(profile, passing);
        for (int number = 0; number < CSB_CALLS_WORDS * 64; number++) {
            char *name = seccomp_syscall_resolve_num_arch(SCMP_ARCH_NATIVE, number);
            int rule = name ? csb_profile_rule(profile, name) : CSB_CALL_FORBIDDEN;
            bool passes = passing[number / 64] >> (number % 64) & 1;
            // The start's own two pass the list although a profile may forbid them: its filter still does.
            bool starts = name && (!strcmp(name, "execve") || !strcmp(name, "execveat") || !strcmp(name, "seccomp"));
            if (!starts) EXPECT(passes == (rule == CSB_CALL_ALWAYS || rule == CSB_CALL_REFUSED));
            free(name);
        }
        EXPECT(csb_profile_rule(profile, "ptrace") == CSB_CALL_FORBIDDEN);
        EXPECT(csb_profile_rule(profile, "no_such_call") == CSB_CALL_FORBIDDEN);
        EXPECT(csb_profile_rule(profile, "socket") == CSB_CALL_REFUSED);
        EXPECT(csb_profile_rule(profile, "openat") == CSB_CALL_ALLOWED);
        EXPECT(csb_profile_rule(profile, "futex") == CSB_CALL_ALWAYS);
    }
    EXPECT(csb_profile_rule(CSB_PROFILE_EXEC, "kill") == CSB_CALL_ALLOWED);
    EXPECT(csb_profile_rule(CSB_PROFILE_STATIC, "kill") == CSB_CALL_REFUSED);
    EXPECT(csb_profile_rule(CSB_PROFILE_COUNT, "openat") == CSB_CALL_FORBIDDEN);
}

const struct check filter_checks[] = {
    {"filters: as their rules say, here", follow_the_rules_here},
    {"filters: as their rules say, on aarch64", follow_the_rules_on_aarch64},
    {"filters: dangerous calls end the process, here", name_the_dangerous_here},
    {"filters: dangerous calls end the process, on aarch64", name_the_dangerous_on_aarch64},
    {"filters: the kernel kills for calls of every kind", kill_in_the_kernel},
    {"filters: a version's list lets through what it names", list_what_is_listed},
    {"filters: what a version's list need not name", pass_what_needs_no_listing},
    {NULL, NULL},
};
