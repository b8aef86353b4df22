// Killing and sweeping real groups, in both versions where this machine has them.

#include "check.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>

static const char *const hierarchies[] = {"/sys/fs/cgroup/pids", "/sys/fs/cgroup/unified", "/sys/fs/cgroup"};

/// A folder of our own in that hierarchy, or -1 where there is none.
static int make_base(const char *hierarchy, char path[200]) {
    char procs[240];
    snprintf(procs, sizeof procs, "%s/cgroup.procs", hierarchy);
    if (access(procs, W_OK)) return -1;
    snprintf(path, 200, "%s/godwit-%s", hierarchy, own_name("groups"));
    if (mkdir(path, 0755)) return -1;
    return open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

/// A process that does nothing, in the group `path` below `base`.
static pid_t put_process(int base, const char *path) {
    char procs[200], text[16];
    pid_t pid = fork();
    if (pid == 0)
        for (;;) pause();
    snprintf(procs, sizeof procs, "%s/cgroup.procs", path);
    snprintf(text, sizeof text, "%d", pid);
    EXPECT(!csb_write_at(base, procs, text));
    return pid;
}

static void sweeps_deep(void) {
    need_root();
    bool any = false;
    for (size_t i = 0; i < sizeof hierarchies / sizeof *hierarchies; i++) {
        char path[200];
        int base = make_base(hierarchies[i], path);
        if (base < 0) continue;
        any = true;
        pid_t inner[4];
        const char *const groups[] = {"1", "1/a", "1/a/b", "2"};
        for (size_t j = 0; j < 4; j++) {
            EXPECT(!mkdirat(base, groups[j], 0755));
            inner[j] = put_process(base, groups[j]);
        }
        // Reaped while the sweep waits: a zombie is still in its group.
        pid_t bystander = fork();
        if (bystander == 0)
            for (;;) pause();
        (void)signal(SIGCHLD, SIG_IGN);
        EXPECT(!csb_group_sweep(base, csb_now() + UINT64_C(5000000000)));
        for (size_t j = 0; j < 4; j++) EXPECT(kill(inner[j], 0) && errno == ESRCH);
        EXPECT(!kill(bystander, 0));
        (void)kill(bystander, SIGKILL);
        (void)signal(SIGCHLD, SIG_DFL);
        EXPECT(!rmdir(path));
        close(base);
    }
    if (!any) skip("no control groups to write to");
}

static void kills_many(void) {
    need_root();
    char path[200];
    int base = make_base(hierarchies[0], path);
    if (base < 0) base = make_base(hierarchies[2], path);
    if (base < 0) skip("no control groups to write to");
    EXPECT(!mkdirat(base, "1", 0755));
    (void)signal(SIGCHLD, SIG_IGN);
    for (int i = 0; i < 150; i++) put_process(base, "1");
    EXPECT(!csb_group_sweep(base, csb_now() + UINT64_C(10000000000)));
    EXPECT(!rmdir(path));
}

static void gives_up_in_time(void) {
    need_root();
    char path[200];
    int base = make_base(hierarchies[0], path);
    if (base < 0) base = make_base(hierarchies[2], path);
    if (base < 0) skip("no control groups to write to");
    EXPECT(!mkdirat(base, "1", 0755));
    bool kernel_kills = !faccessat(base, "1/cgroup.kill", F_OK, 0);
    if (kernel_kills) {
        EXPECT(!csb_group_sweep(base, csb_now() + UINT64_C(1000000000)));
        EXPECT(!rmdir(path));
        skip("here the kernel would kill the check itself");
    }
    // A process that we are ourselves is never killed: the group resists.
    char text[16];
    snprintf(text, sizeof text, "%d", getpid());
    int home = open(hierarchies[0], O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    EXPECT(!csb_write_at(base, "1/cgroup.procs", text));
    const uint64_t began = csb_now();
    EXPECT(csb_group_sweep(base, began + UINT64_C(100000000)) == -EBUSY);
    EXPECT(csb_now() - began < UINT64_C(1000000000));
    EXPECT(!csb_write_at(home, "cgroup.procs", text));
    EXPECT(!csb_group_sweep(base, csb_now() + UINT64_C(1000000000)));
    EXPECT(!rmdir(path));
}

static void kills_nobody_for_half_a_number(void) {
    pid_t members[8];
    const char *list = "7001\n0\n\n-5\n12x\n99999999999\n7002\n12";
    EXPECT(csb_group_members(&list, members, 8) == 2 && members[0] == 7001 && members[1] == 7002);
    EXPECT(!strcmp(list, "12") && csb_group_members(&list, members, 8) == 0);
}

static void refuses_few_descriptors(void) {
    static struct csb_spawner spawner;
    for (rlim_t files = 0; files < 300; files++) {
        spawner.options.slots = 32;
        spawner.nursery.open_files = files;
        int result = csb_slots_open(&spawner);
        bool enough = files > files / 8 + CSB_DESCRIPTORS_BESIDES + 1;
        EXPECT(result == (enough ? 0 : -EMFILE));
        if (enough) EXPECT(spawner.options.slots >= 1 && spawner.options.slots <= 32 && spawner.options.slots < files);
        csb_slots_close(&spawner);
        spawner.slots = NULL;
        spawner.used = spawner.free = NULL;
    }
}

/// All instances together weigh as much as a process for each processor.
static void weighs_by_processors(void) {
    need_root();
    static const char *const folders[] = {"/sys/fs/cgroup/cpu", "/sys/fs/cgroup/cpu,cpuacct"};
    struct csb_event event;
    const char *name = own_name("weight");
    struct spawned spawner = spawner_start(name, &event);
    REQUIRE(event.kind == CSB_EVENT_READY);
    char path[240], text[32];
    ssize_t length = -1;
    for (size_t i = 0; length < 0 && i < sizeof folders / sizeof *folders; i++) {
        snprintf(path, sizeof path, "%s/godwit-%s/cpu.shares", folders[i], name);
        length = csb_read_at(AT_FDCWD, path, text, sizeof text);
    }
    if (length >= 0) EXPECT(strtol(text, NULL, 10) == 1024 * sysconf(_SC_NPROCESSORS_ONLN));
    EXPECT(spawner_end(&spawner, 3000) == 0);
    if (length < 0) skip("no cpu controller of version 1 at its usual place");
}

const struct check group_checks[] = {
    {"sweep: groups within groups, and nobody else", sweeps_deep},
    {"sweep: more processes than one look shows", kills_many},
    {"sweep: half a number is nobody's", kills_nobody_for_half_a_number},
    {"sweep: gives up in time", gives_up_in_time},
    {"groups: instances weigh as much as the processors there are", weighs_by_processors},
    {"slots: too few descriptors for any instance are refused", refuses_few_descriptors},
    {NULL, NULL},
};
