// Becoming somebody else, and taking off what was put on.

#include "attack.h"

#include <grp.h>
#include <linux/capability.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <sched.h>
#include <signal.h>
#include <sys/fsuid.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>

static void setuid0(void) { outcome(syscall(SYS_setuid, 0)); }
static void setresuid0(void) { outcome(syscall(SYS_setresuid, 0, 0, 0)); }
static void setgid0(void) { outcome(syscall(SYS_setgid, 0)); }
static void setgroups0(void) { outcome(syscall(SYS_setgroups, 1UL, (gid_t[]){0})); }
static void setfsuid0(void) {
    // It tells no error, only what was before.
    (void)setfsuid(0);
    int now = setfsuid((uid_t)-1);
    if (now == 0) succeeded("files are opened as root");
    else blocked(EPERM);
}

static void capset_(void) {
    struct __user_cap_header_struct header = {_LINUX_CAPABILITY_VERSION_3, 0};
    struct __user_cap_data_struct all[2] = {{~0u, ~0u, ~0u}, {~0u, ~0u, ~0u}};
    outcome(syscall(SYS_capset, &header, all));
}

static void has_capabilities(void) {
    char text[4096];
    int file = open("/proc/self/status", O_RDONLY | O_CLOEXEC);
    ssize_t length = file < 0 ? -1 : read(file, text, sizeof text - 1);
    if (length < 0) {
        blocked(errno);
        return;
    }
    text[length] = 0;
    for (const char *line = text; (line = strstr(line, "Cap")); line += 3) {
        unsigned long long set = 0;
        char kind[8];
        if (sscanf(line, "Cap%3[A-Za-z]:%llx", kind, &set) == 2 && set) {
            succeeded("%s has %llx", kind, set);
            return;
        }
    }
    blocked(EPERM);
}

static void prctl_nnp_off(void) { outcome(prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0)); }
static void prctl_seccomp_off(void) { outcome(prctl(PR_SET_SECCOMP, 0, 0, 0, 0)); }
static void prctl_pdeathsig_off(void) { outcome(prctl(PR_SET_PDEATHSIG, 0, 0, 0, 0)); }
static void prctl_dumpable(void) { outcome(prctl(PR_SET_DUMPABLE, 1, 0, 0, 0)); }
static void prctl_ambient(void) { outcome(prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_SYS_ADMIN, 0, 0)); }
static void prctl_keepcaps(void) { outcome(prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0)); }
static void prctl_subreaper(void) { outcome(prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)); }
static void prctl_mm(void) { outcome(prctl(PR_SET_MM, PR_SET_MM_EXE_FILE, 1, 0, 0)); }

/// A filter that allows all is only added to those that are there: what was forbidden stays so.
static void seccomp_allow_all(void) {
    struct sock_filter allow = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW);
    struct sock_fprog program = {1, &allow};
    if (syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program)) {
        blocked(errno);
        return;
    }
    outcome(syscall(SYS_bpf, 0, NULL, 0UL));
}

static void seccomp_listener(void) {
    struct sock_filter notify = BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_USER_NOTIF);
    struct sock_fprog program = {1, &notify};
    outcome(syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, SECCOMP_FILTER_FLAG_NEW_LISTENER, &program));
}

static void rlimit_raise(void) {
    struct rlimit limit = {RLIM_INFINITY, RLIM_INFINITY};
    outcome(syscall(SYS_prlimit64, 0, RLIMIT_NOFILE, &limit, NULL));
}

static void sched_fifo(void) { outcome(sched_setscheduler(0, SCHED_FIFO, &(struct sched_param){1})); }
static void sched_affinity(void) { outcome(syscall(SYS_sched_setaffinity, 0, 8UL, (unsigned long[]){1})); }
static void nice_up(void) { outcome(setpriority(PRIO_PROCESS, 0, -20)); }
static void mlockall_(void) { outcome(mlockall(MCL_CURRENT)); }
static void setsid_(void) { outcome(setsid()); }

const struct attack identity_attacks[] = {
    {"setuid0", setuid0},
    {"setresuid0", setresuid0},
    {"setgid0", setgid0},
    {"setgroups0", setgroups0},
    {"setfsuid0", setfsuid0},
    {"capset", capset_},
    {"has_capabilities", has_capabilities},
    {"prctl_nnp_off", prctl_nnp_off},
    {"prctl_seccomp_off", prctl_seccomp_off},
    {"prctl_pdeathsig_off", prctl_pdeathsig_off},
    {"prctl_dumpable", prctl_dumpable},
    {"prctl_ambient", prctl_ambient},
    {"prctl_keepcaps", prctl_keepcaps},
    {"prctl_subreaper", prctl_subreaper},
    {"prctl_mm", prctl_mm},
    {"seccomp_allow_all", seccomp_allow_all},
    {"seccomp_listener", seccomp_listener},
    {"rlimit_raise", rlimit_raise},
    {"sched_fifo", sched_fifo},
    {"sched_affinity", sched_affinity},
    {"nice_up", nice_up},
    {"mlockall", mlockall_},
    {"setsid", setsid_},
    {NULL, NULL},
};
