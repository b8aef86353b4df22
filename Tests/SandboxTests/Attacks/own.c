// Attacks that came up while this sandbox was built: races, links, reuse of numbers, tricks with /proc.

#include "attack.h"

#include <pthread.h>
#include <sched.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

static void symlink_out(void) {
    (void)unlink("/tmp/link");
    if (symlink("/etc/shadow", "/tmp/link")) blocked(errno);
    else read_file("/tmp/link");
}

static void symlink_to_proc_root(void) {
    (void)unlink("/tmp/link");
    if (symlink("/proc/1/root/../../etc/shadow", "/tmp/link")) blocked(errno);
    else read_file("/tmp/link");
}

static void hardlink_bundle(void) { outcome(link("/function/attacks", "/tmp/hard")); }
static void rename_over_bundle(void) {
    write_file("/tmp/new");
    outcome(rename("/tmp/new", "/function/attacks"));
}

static _Atomic int racing = 1;

static void *swap_names(void *ignored) {
    while (racing) {
        (void)renameat2(AT_FDCWD, "/tmp/a", AT_FDCWD, "/tmp/b", RENAME_EXCHANGE);
    }
    return ignored;
}

/// A folder and a link that change places while a path is walked.
static void symlink_race(void) {
    (void)mkdir("/tmp/a", 0700);
    (void)symlink("/etc", "/tmp/b");
    pthread_t thread;
    if (pthread_create(&thread, NULL, swap_names, NULL)) {
        blocked(errno);
        return;
    }
    int found = 0;
    for (int i = 0; i < 20000 && !found; i++) {
        int file = open("/tmp/a/shadow", O_RDONLY | O_CLOEXEC);
        if (file >= 0) found = 1;
    }
    racing = 0;
    pthread_join(thread, NULL);
    if (found) succeeded("through a link");
    else blocked(ENOENT);
}

static void fd_of_root_kept(void) {
    int root = open("/", O_PATH | O_DIRECTORY | O_CLOEXEC);
    for (int i = 0; i < 8; i++) {
        int up = openat(root, "..", O_PATH | O_DIRECTORY | O_CLOEXEC);
        if (up < 0) break;
        root = up;
    }
    int file = openat(root, "etc/shadow", O_RDONLY | O_CLOEXEC);
    outcome(file);
}

static void write_own_memory(void) {
    int file = open("/proc/self/mem", O_RDWR | O_CLOEXEC);
    outcome(file);
}

static void cgroup_escape(void) {
    int file = open("/sys/fs/cgroup/cgroup.procs", O_WRONLY | O_CLOEXEC);
    outcome(file < 0 ? -1 : write(file, "0", 1));
}

static void uid_map_again(void) {
    int file = open("/proc/self/uid_map", O_WRONLY | O_CLOEXEC);
    outcome(file < 0 ? -1 : write(file, "0 0 1", 5));
}

static void apparmor_change(void) {
    int file = open("/proc/self/attr/current", O_WRONLY | O_CLOEXEC);
    outcome(file < 0 ? -1 : write(file, "changeprofile unconfined", 24));
}

static void coredump_filter(void) {
    int file = open("/proc/self/coredump_filter", O_WRONLY | O_CLOEXEC);
    outcome(file < 0 ? -1 : write(file, "0x7f", 4));
}

/// Names of other instances' folders, guessed from the own number.
static void proc_neighbours(void) {
    int found = 0;
    for (int number = 1; number < 4000; number++) {
        char path[32];
        snprintf(path, sizeof path, "/proc/%d/stat", number);
        if (number != getpid() && access(path, F_OK) == 0) found++;
    }
    if (found) succeeded("%d processes", found);
    else blocked(ENOENT);
}

static void proc_task_neighbour(void) {
    char path[64];
    snprintf(path, sizeof path, "/proc/%ld/maps", told_number("VICTIM"));
    read_file(path);
}

/// As many children as possible at the moment of being ended: none may be left.
static void fork_at_death(void) {
    for (;;) {
        pid_t child = fork();
        if (child < 0 && errno != EAGAIN) {
            blocked(errno);
            return;
        }
        if (child == 0) {
            (void)setsid();
            (void)signal(SIGTERM, SIG_IGN);
        }
        sched_yield();
    }
}

static void pid_reuse(void) {
    // Numbers are of the own namespace: however often they come round, they mean nobody else.
    int rounds = 0;
    for (; rounds < 300; rounds++) {
        pid_t child = fork();
        if (child < 0) break;
        if (child == 0) _exit(0);
        (void)waitpid(child, NULL, 0);
        if (child == told_number("VICTIM") && kill(child, SIGKILL) == 0) {
            succeeded("a number was somebody else's");
            return;
        }
    }
    limited("%d rounds", rounds);
}

/// Reads what another call's process of this function may have left in memory that comes from the kernel.
static void stale_memory(void) {
    unsigned char *memory = mmap(NULL, 4 << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (memory == MAP_FAILED) {
        blocked(errno);
        return;
    }
    for (size_t i = 0; i < 4 << 20; i++)
        if (memory[i]) {
            succeeded("memory with something in it");
            return;
        }
    blocked(ENODATA);
}

static void tmp_of_others(void) {
    char path[64];
    struct stat status;
    snprintf(path, sizeof path, "/proc/%ld/root/tmp", told_number("VICTIM"));
    outcome(stat(path, &status));
}

/// Shared memory by name lies in the private /tmp.
static void dev_shm(void) {
    struct stat status;
    int file = open("/dev/shm/attack", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0) blocked(errno);
    else if (stat("/tmp/attack", &status)) succeeded("outside of /tmp");
    else limited("in its own /tmp");
}
static void dev_create(void) { write_file("/dev/attack"); }

static void dev_fd_reopen(void) {
    // Standard output again, for reading: another's end of the pipe.
    int file = open("/proc/self/fd/1", O_RDONLY | O_NONBLOCK | O_CLOEXEC);
    if (file < 0) blocked(errno);
    else limited("its own pipe");
}

static void signal_self_storm(void) {
    for (int i = 0; i < 10000; i++) (void)syscall(SYS_tgkill, getpid(), (int)syscall(SYS_gettid), 0);
    limited("its own process only");
}

static void long_name(void) {
    char path[8192];
    memset(path, 'a', sizeof path);
    memcpy(path, "/tmp/", 5);
    path[sizeof path - 1] = 0;
    read_file(path);
}

static void deep_folders(void) {
    int depth = 0;
    (void)chdir("/tmp");
    while (depth < 5000 && !mkdir("d", 0700) && !chdir("d")) depth++;
    limited("%d folders", depth);
}

static void setgid_inherit(void) { outcome(chown("/tmp", 0, 0)); }
static void xattr_capability(void) {
    int file = open("/tmp/cap", O_WRONLY | O_CREAT | O_CLOEXEC, 0700);
    outcome(file < 0 ? -1 : syscall(SYS_fsetxattr, file, "security.capability", "x", 1UL, 0));
}

/// Not an attack: who is to be left alone by the others.
static void be_there(void) {
    for (;;) sleep(1000);
}

static void leave_mark(void) {
    int file = open("/tmp/mark", O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (file < 0) {
        blocked(errno);
        return;
    }
    (void)chmod("/tmp/mark", 0666);
    limited("a mark of its own");
    usleep(20000);
}

static void find_mark(void) {
    usleep(10000);
    read_file("/tmp/mark");
}

static void leak_time_namespace(void) { outcome(syscall(SYS_unshare, 0x00000080)); }
static void fchmodat2_(void) { outcome(syscall(452, AT_FDCWD, "/function/attacks", 0777, 0)); }
/// Shared memory that some other program of the host made for all.
static void shm_of_host(void) { outcome(syscall(SYS_shmget, told_number("SHARED_KEY"), 0UL, 0)); }

static void host_name(void) {
    char name[128] = "";
    if (gethostname(name, sizeof name - 1)) blocked(errno);
    else if (strcmp(name, "function") == 0) limited("the name that all instances have");
    else succeeded("%s", name);
}

static void openat2_(void) {
    uint64_t how[3] = {O_RDONLY, 0, 0};
    outcome(syscall(SYS_openat2, AT_FDCWD, "/etc/shadow", how, sizeof how));
}

const struct attack own_attacks[] = {
    {"be_there", be_there},
    {"leave_mark", leave_mark},
    {"find_mark", find_mark},
    {"symlink_out", symlink_out},
    {"symlink_to_proc_root", symlink_to_proc_root},
    {"hardlink_bundle", hardlink_bundle},
    {"rename_over_bundle", rename_over_bundle},
    {"symlink_race", symlink_race},
    {"fd_of_root_kept", fd_of_root_kept},
    {"write_own_memory", write_own_memory},
    {"cgroup_escape", cgroup_escape},
    {"uid_map_again", uid_map_again},
    {"apparmor_change", apparmor_change},
    {"coredump_filter", coredump_filter},
    {"proc_neighbours", proc_neighbours},
    {"proc_task_neighbour", proc_task_neighbour},
    {"fork_at_death", fork_at_death},
    {"pid_reuse", pid_reuse},
    {"stale_memory", stale_memory},
    {"tmp_of_others", tmp_of_others},
    {"dev_shm", dev_shm},
    {"dev_create", dev_create},
    {"dev_fd_reopen", dev_fd_reopen},
    {"signal_self_storm", signal_self_storm},
    {"long_name", long_name},
    {"deep_folders", deep_folders},
    {"setgid_inherit", setgid_inherit},
    {"xattr_capability", xattr_capability},
    {"leak_time_namespace", leak_time_namespace},
    {"fchmodat2", fchmodat2_},
    {"shm_of_host", shm_of_host},
    {"host_name", host_name},
    {"openat2", openat2_},
    {NULL, NULL},
};
