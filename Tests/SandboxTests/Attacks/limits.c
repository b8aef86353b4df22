// Taking more than was given: processes, memory, files, time; and leaving something behind.

#include "attack.h"

#include <pthread.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

static void *sleep_long(void *ignored) {
    (void)ignored;
    sleep(20);
    return NULL;
}

static void fork_bomb(void) {
    int made = 0;
    for (; made < 512; made++) {
        pid_t child = fork();
        if (child < 0) break;
        if (child == 0) {
            sleep(20);
            _exit(0);
        }
    }
    limited("%d processes", made);
}

static void thread_bomb(void) {
    int made = 0;
    pthread_attr_t small;
    pthread_attr_init(&small);
    pthread_attr_setstacksize(&small, 65536);
    for (pthread_t thread; made < 512 && !pthread_create(&thread, &small, sleep_long, NULL); made++) continue;
    limited("%d threads", made);
}

static void memory_bomb(void) {
    size_t taken = 0;
    for (; taken < 4096; taken += 8) {
        char *memory = malloc(8 << 20);
        if (!memory) break;
        for (size_t i = 0; i < 8 << 20; i += 4096) memory[i] = 1;
        // Slow enough for the watch that stands in where no group limits memory.
        nanosleep(&(struct timespec){0, 5000000}, NULL);
    }
    limited("%zu MiB", taken);
}

static void memfd_bomb(void) {
    int file = memfd_create("bomb", 0);
    outcome(file < 0 ? -1 : ftruncate(file, 1L << 40));
}

static void tmp_fill(void) {
    static char block[65536];
    int file = open("/tmp/fill", O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    (void)signal(SIGXFSZ, SIG_IGN);
    long taken = 0;
    memset(block, 1, sizeof block);
    while (file >= 0 && taken < 4L << 30) {
        ssize_t written = write(file, block, sizeof block);
        if (written <= 0) break;
        taken += written;
    }
    limited("%ld KiB", taken >> 10);
}

static void tmp_many(void) {
    static char block[65536];
    (void)signal(SIGXFSZ, SIG_IGN);
    memset(block, 1, sizeof block);
    long taken = 0;
    for (int number = 0; number < 64; number++) {
        char path[32];
        snprintf(path, sizeof path, "/tmp/fill%d", number);
        int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        if (file < 0) break;
        for (ssize_t written; (written = write(file, block, sizeof block)) > 0;) taken += written;
        close(file);
    }
    limited("%ld KiB", taken >> 10);
}

static void tmp_inodes(void) {
    int made = 0;
    for (; made < 5000; made++) {
        char path[32];
        snprintf(path, sizeof path, "/tmp/i%d", made);
        int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
        if (file < 0) break;
        close(file);
    }
    limited("%d inodes", made);
}

static void fd_exhaust(void) {
    int opened = 0;
    for (; opened < 5000 && dup(1) >= 0; opened++) continue;
    limited("%d descriptors", opened);
}

static void pipe_mem(void) {
    int made = 0, ends[2];
    for (; made < 2000 && !pipe(ends); made++) (void)fcntl(ends[1], F_SETPIPE_SZ, 1 << 20);
    limited("%d pipes", made);
}

static void spin(void) {
    for (volatile uint64_t i = 0;; i++) continue;
}

static void cpu_spin(void) { spin(); }

static void cpu_spin_ignore(void) {
    for (int number = 1; number < 65; number++) (void)signal(number, SIG_IGN);
    spin();
}

/// Waits for ever, deaf to everything; only an end by force helps.
static void hang_ignore_term(void) {
    for (int number = 1; number < 65; number++) (void)signal(number, SIG_IGN);
    succeeded("hangs until it is ended");
    for (;;) sleep(1000);
}

static void daemonise(void) {
    pid_t child = fork();
    if (child < 0) {
        blocked(errno);
        return;
    }
    if (child == 0) {
        (void)setsid();
        if (fork() == 0) {
            for (;;) sleep(1000);
        }
        _exit(0);
    }
    (void)waitpid(child, NULL, 0);
    succeeded("a daemon was left behind");
}

static void close_and_hang(void) {
    succeeded("hangs until it is ended");
    for (int descriptor = 0; descriptor < 64; descriptor++) close(descriptor);
    for (;;) sleep(1000);
}

static void fd_leak(void) {
    int count = 0;
    for (int descriptor = 3; descriptor < 2048; descriptor++)
        if (fcntl(descriptor, F_GETFD) >= 0) count++;
    if (count) succeeded("%d descriptors that it was not given", count);
    else blocked(EBADF);
}

static void env_leak(void) {
    if (getenv("GODWIT_TEST_SECRET")) succeeded("a secret of the node's environment");
    else blocked(ENOENT);
}

static int recurse(int depth) {
    volatile char space[4096];
    space[0] = (char)depth;
    return depth < 0 ? 0 : recurse(depth + 1) + space[0];
}

static void stack_overflow(void) { limited("%d", recurse(0)); }

static void coredump(void) {
    (void)chdir("/tmp");
    *(volatile int *)8 = 1;
}

static void address_space(void) {
    size_t taken = 0;
    for (; taken < 1024; taken++)
        if (mmap(NULL, 1UL << 40, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0) == MAP_FAILED) break;
    limited("%zu TiB of addresses, which hold nothing", taken);
}

static void lock_memory(void) {
    void *page = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    outcome(mlock(page, 4096));
}

static void timers(void) {
    int made = 0;
    struct sigevent event = {.sigev_notify = SIGEV_NONE};
    for (timer_t timer; made < 5000 && !timer_create(CLOCK_MONOTONIC, &event, &timer); made++) continue;
    limited("%d timers", made);
}

const struct attack limit_attacks[] = {
    {"fork_bomb", fork_bomb},
    {"thread_bomb", thread_bomb},
    {"memory_bomb", memory_bomb},
    {"memfd_bomb", memfd_bomb},
    {"tmp_fill", tmp_fill},
    {"tmp_many", tmp_many},
    {"tmp_inodes", tmp_inodes},
    {"fd_exhaust", fd_exhaust},
    {"pipe_mem", pipe_mem},
    {"cpu_spin", cpu_spin},
    {"cpu_spin_ignore", cpu_spin_ignore},
    {"hang_ignore_term", hang_ignore_term},
    {"daemonise", daemonise},
    {"close_and_hang", close_and_hang},
    {"fd_leak", fd_leak},
    {"env_leak", env_leak},
    {"stack_overflow", stack_overflow},
    {"coredump", coredump},
    {"address_space", address_space},
    {"lock_memory", lock_memory},
    {"timers", timers},
    {NULL, NULL},
};
