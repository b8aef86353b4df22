// Looking into, steering and ending other processes.

#include "attack.h"

#include <signal.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/types.h>
#include <sys/uio.h>

static long victim(void) { return told_number("VICTIM"); }
static long spawner(void) { return told_number("SPAWNER"); }

static void ptrace_parent(void) { outcome(ptrace(PTRACE_ATTACH, spawner(), NULL, NULL)); }
static void ptrace_sibling(void) { outcome(ptrace(PTRACE_ATTACH, victim(), NULL, NULL)); }
static void ptrace_traceme(void) { outcome(ptrace(PTRACE_TRACEME, 0, NULL, NULL)); }
static void ptrace_seize(void) { outcome(ptrace(PTRACE_SEIZE, victim(), NULL, NULL)); }

static void process_vm_readv_(void) {
    char bytes[8];
    struct iovec local = {bytes, sizeof bytes}, remote = {(void *)0x400000, sizeof bytes};
    outcome(process_vm_readv((pid_t)victim(), &local, 1, &remote, 1, 0));
}

static void process_vm_writev_(void) {
    char bytes[8] = "attack";
    struct iovec local = {bytes, sizeof bytes}, remote = {(void *)0x400000, sizeof bytes};
    outcome(process_vm_writev((pid_t)victim(), &local, 1, &remote, 1, 0));
}

static void pidfd_getfd_(void) {
    int process = (int)syscall(SYS_pidfd_open, victim(), 0);
    outcome(process < 0 ? -1 : syscall(SYS_pidfd_getfd, process, 1, 0));
}

static void pidfd_signal(void) {
    int process = (int)syscall(SYS_pidfd_open, victim(), 0);
    outcome(process < 0 ? -1 : syscall(SYS_pidfd_send_signal, process, SIGKILL, NULL, 0));
}

static void kcmp_(void) { outcome(syscall(SYS_kcmp, getpid(), victim(), 0, 0, 0)); }

static void move_pages_(void) {
    void *page = (void *)0x400000;
    int status = 0;
    outcome(syscall(SYS_move_pages, victim(), 1UL, &page, NULL, &status, 0));
}

static void process_madvise_(void) {
    struct iovec range = {(void *)0x400000, 4096};
    int process = (int)syscall(SYS_pidfd_open, victim(), 0);
    outcome(process < 0 ? -1 : syscall(SYS_process_madvise, process, &range, 1UL, 21, 0));
}

/// A signal to everybody: whoever is there and may be meant. In a pid namespace of one that is nobody.
static void kill_all(void) { outcome(kill(-1, 0)); }
static void kill_parent(void) { outcome(kill((pid_t)spawner(), SIGKILL)); }
static void kill_sibling(void) { outcome(kill((pid_t)victim(), SIGKILL)); }
static void kill_group(void) { outcome(kill((pid_t)-victim(), SIGKILL)); }
static void tgkill_sibling(void) { outcome(syscall(SYS_tgkill, victim(), victim(), SIGKILL)); }

static void sigqueue_parent(void) {
    siginfo_t information = {.si_code = SI_QUEUE};
    outcome(syscall(SYS_rt_sigqueueinfo, spawner(), SIGTERM, &information));
}

static void prlimit_other(void) {
    struct rlimit limit = {1, 1};
    outcome(prlimit((pid_t)victim(), RLIMIT_NOFILE, &limit, NULL));
}

static void setpriority_other(void) { outcome(setpriority(PRIO_PROCESS, (id_t)victim(), 19)); }
static void sched_other(void) { outcome(syscall(SYS_sched_setaffinity, victim(), 8UL, (unsigned long[]){1})); }

const struct attack process_attacks[] = {
    {"ptrace_parent", ptrace_parent},
    {"ptrace_sibling", ptrace_sibling},
    {"ptrace_traceme", ptrace_traceme},
    {"ptrace_seize", ptrace_seize},
    {"process_vm_readv", process_vm_readv_},
    {"process_vm_writev", process_vm_writev_},
    {"pidfd_getfd", pidfd_getfd_},
    {"pidfd_signal", pidfd_signal},
    {"kcmp", kcmp_},
    {"move_pages", move_pages_},
    {"process_madvise", process_madvise_},
    {"kill_all", kill_all},
    {"kill_parent", kill_parent},
    {"kill_sibling", kill_sibling},
    {"kill_group", kill_group},
    {"tgkill_sibling", tgkill_sibling},
    {"sigqueue_parent", sigqueue_parent},
    {"prlimit_other", prlimit_other},
    {"setpriority_other", setpriority_other},
    {"sched_other", sched_other},
    {NULL, NULL},
};
