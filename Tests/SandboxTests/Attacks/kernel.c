// Parts of the kernel that no function needs, and that attacks have come through.

#include "attack.h"

#include <sched.h>
#include <sys/ioctl.h>
#include <sys/ipc.h>
#include <sys/mman.h>
#include <sys/msg.h>
#include <sys/personality.h>
#include <sys/sem.h>
#include <sys/shm.h>
#include <sys/uio.h>
#include <time.h>

static void keyctl_(void) { outcome(syscall(SYS_keyctl, 0, -3, 1)); }
static void add_key_(void) { outcome(syscall(SYS_add_key, "user", "attack", "x", 1UL, -3)); }
static void request_key_(void) { outcome(syscall(SYS_request_key, "user", "attack", NULL, -3)); }

static void bpf_(void) {
    uint32_t attributes[32] = {1, 4, 4, 1};
    outcome(syscall(SYS_bpf, 0, attributes, sizeof attributes));
}

static void perf_event_open_(void) {
    uint32_t attributes[32] = {1, 128};
    outcome(syscall(SYS_perf_event_open, attributes, 0, -1, -1, 0UL));
}

static void io_uring(void) {
    char parameters[120] = {0};
    outcome(syscall(SYS_io_uring_setup, 4, parameters));
}

static void userfaultfd_(void) { outcome(syscall(SYS_userfaultfd, 1)); }
static void kexec(void) { outcome(syscall(SYS_kexec_load, 0UL, 0UL, NULL, 0UL)); }
/// With a wrong magic number, so that not even a machine without any protection goes down.
static void reboot_(void) { outcome(syscall(SYS_reboot, 0, 0, 0, NULL)); }
static void init_module_(void) { outcome(syscall(SYS_init_module, "x", 1UL, "")); }
static void delete_module_(void) { outcome(syscall(SYS_delete_module, "no-such-module", 0)); }
static void swapon_(void) { outcome(syscall(SYS_swapon, "/tmp/none", 0)); }

static void settime(void) {
    struct timespec now;
    clock_gettime(CLOCK_REALTIME, &now);
    outcome(clock_settime(CLOCK_REALTIME, &now));
}

static void sethostname_(void) { outcome(sethostname("attack", 6)); }
static void syslog_(void) {
    char text[64];
    outcome(syscall(SYS_syslog, 3, text, sizeof text));
}
static void acct_(void) { outcome(acct("/tmp/accounts")); }
static void quotactl_(void) { outcome(syscall(SYS_quotactl, 0x800001, "/dev/vda", 0, NULL)); }

static void iopl_(void) {
#ifdef __x86_64__
    outcome(syscall(SYS_iopl, 3));
#else
    blocked(ENOSYS);
#endif
}

static void modify_ldt_(void) {
#ifdef __x86_64__
    char table[64];
    outcome(syscall(SYS_modify_ldt, 0, table, sizeof table));
#else
    blocked(ENOSYS);
#endif
}

static void personality_(void) { outcome(personality(ADDR_NO_RANDOMIZE)); }

static void vmsplice_(void) {
    int ends[2];
    struct iovec part = {"attack", 6};
    outcome(pipe(ends) ? -1 : vmsplice(ends[1], &part, 1, 0));
}

static void splice_(void) {
    int ends[2];
    int file = open("/function/attacks", O_RDONLY | O_CLOEXEC);
    outcome(pipe(ends) ? -1 : splice(file, NULL, ends[1], NULL, 64, 0));
}

static void fanotify(void) { outcome(syscall(SYS_fanotify_init, 0, O_RDONLY)); }
static void inotify(void) { outcome(syscall(SYS_inotify_init1, 0)); }
static void landlock(void) { outcome(syscall(SYS_landlock_create_ruleset, NULL, 0UL, 1)); }
static void memfd_secret_(void) { outcome(syscall(SYS_memfd_secret, 0)); }

/// Numbers that have no name yet on any kernel that this was written for.
static void unknown_syscalls(void) {
    int done = 0;
    for (long number = 600; number < 700; number++)
        if (syscall(number, 0, 0, 0, 0, 0, 0) >= 0) done++;
    if (done) succeeded("%d calls without a name", done);
    else blocked(ENOSYS);
}

static void shmget_(void) { outcome(shmget(IPC_PRIVATE, 4096, IPC_CREAT | 0600)); }
static void msgget_(void) { outcome(msgget(IPC_PRIVATE, IPC_CREAT | 0600)); }
static void semget_(void) { outcome(semget(IPC_PRIVATE, 1, IPC_CREAT | 0600)); }
static void mq_open_(void) { outcome(syscall(SYS_mq_open, "attack", O_CREAT | O_RDWR, 0600, NULL)); }

static void tiocsti(void) { outcome(ioctl(0, 0x5412, "x")); }
static void tioclinux(void) { outcome(ioctl(0, 0x541c, "\x02")); }
/// The request in the low half, something else in the high half: the kernel looks at 32 bits, a filter may at 64.
static void tiocsti_high_bits(void) { outcome(syscall(SYS_ioctl, 0, 0x5412 | 1UL << 32, "x")); }

static void int80_getpid(void) {
#ifdef __x86_64__
    long result;
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(20) : "memory");
    succeeded("i386 getpid %ld", result);
#else
    blocked(ENOSYS);
#endif
}

static void int80_mount(void) {
#ifdef __x86_64__
    long result;
    __asm__ volatile("int $0x80" : "=a"(result) : "a"(21), "b"(0), "c"(0), "d"(0), "S"(0), "D"(0) : "memory");
    errno = (int)-result;
    outcome(result < 0 ? -1 : result);
#else
    blocked(ENOSYS);
#endif
}

static void x32_getpid(void) {
#ifdef __x86_64__
    outcome(syscall(0x40000000 | SYS_getpid));
#else
    blocked(ENOSYS);
#endif
}

static void vsyscall(void) {
#ifdef __x86_64__
    time_t (*now)(time_t *) = (time_t(*)(time_t *))0xffffffffff600400UL;
    limited("the time, which is no secret: %s", now(NULL) > 0 ? "read" : "unread");
#else
    blocked(ENOSYS);
#endif
}

static void jit_wx(void) {
    void *code = mmap(NULL, 4096, PROT_READ | PROT_WRITE | PROT_EXEC, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (code == MAP_FAILED) blocked(errno);
    else limited("code in its own memory, as just-in-time compilers need");
}

const struct attack kernel_attacks[] = {
    {"keyctl", keyctl_},
    {"add_key", add_key_},
    {"request_key", request_key_},
    {"bpf", bpf_},
    {"perf_event_open", perf_event_open_},
    {"io_uring", io_uring},
    {"userfaultfd", userfaultfd_},
    {"kexec", kexec},
    {"reboot", reboot_},
    {"init_module", init_module_},
    {"delete_module", delete_module_},
    {"swapon", swapon_},
    {"settime", settime},
    {"sethostname", sethostname_},
    {"syslog", syslog_},
    {"acct", acct_},
    {"quotactl", quotactl_},
    {"iopl", iopl_},
    {"modify_ldt", modify_ldt_},
    {"personality", personality_},
    {"vmsplice", vmsplice_},
    {"splice", splice_},
    {"fanotify", fanotify},
    {"inotify", inotify},
    {"landlock", landlock},
    {"memfd_secret", memfd_secret_},
    {"unknown_syscalls", unknown_syscalls},
    {"shmget", shmget_},
    {"msgget", msgget_},
    {"semget", semget_},
    {"mq_open", mq_open_},
    {"tiocsti", tiocsti},
    {"tioclinux", tioclinux},
    {"tiocsti_high_bits", tiocsti_high_bits},
    {"int80_getpid", int80_getpid},
    {"int80_mount", int80_mount},
    {"x32_getpid", x32_getpid},
    {"vsyscall", vsyscall},
    {"jit_wx", jit_wx},
    {NULL, NULL},
};
