// Counts what the node's event loop allocates and asks of the kernel, for a test: preloaded into `godwit`, it stands
// before those functions of the C library. Two counters, in the file that GODWIT_COUNTS names: allocations, system calls.

#define _GNU_SOURCE

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <sys/timerfd.h>
#include <sys/uio.h>
#include <time.h>
#include <unistd.h>

static _Atomic uint64_t *counters;

__attribute__((constructor)) static void open_counters(void) {
    const char *path = getenv("GODWIT_COUNTS");
    // What starts the node is given this too, and hands it on; what the node starts is not to be counted.
    if (!path || strcmp(program_invocation_short_name, "godwit")) return;
    int file = open(path, O_RDWR | O_CLOEXEC);
    if (file >= 0) counters = mmap(NULL, 4096, PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    if (file >= 0) close(file);
    if (counters == MAP_FAILED) counters = NULL;
    unsetenv("LD_PRELOAD");
}

/// Whether this thread is the event loop of calls; asked once, when it has its name.
static int is_loop(void) {
    static __thread int known;
    char name[16] = "";
    if (known) return known > 0;
    if (pthread_getname_np(pthread_self(), name, sizeof name) || !strncmp(name, "godwit", 6)) return 0;
    known = strncmp(name, "NIO-ELT", 7) ? -1 : 1;
    return known > 0;
}

static void count(int which) {
    if (counters && is_loop()) atomic_fetch_add_explicit(&counters[which], 1, memory_order_relaxed);
}

// MARK: - Allocations

extern void *__libc_malloc(size_t);
extern void *__libc_calloc(size_t, size_t);
extern void *__libc_realloc(void *, size_t);
extern void *__libc_memalign(size_t, size_t);

void *malloc(size_t size) {
    count(0);
    return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
    count(0);
    return __libc_calloc(number, size);
}

void *realloc(void *old, size_t size) {
    count(0);
    return __libc_realloc(old, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    count(0);
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **result, size_t alignment, size_t size) {
    count(0);
    void *memory = __libc_memalign(alignment, size);
    if (!memory) return ENOMEM;
    *result = memory;
    return 0;
}

// MARK: - System calls

#define COUNTED(type, name, parameters, arguments)                                                                  \
    type name parameters {                                                                                          \
        static type(*next) parameters;                                                                              \
        if (!next) *(void **)&next = dlsym(RTLD_NEXT, #name);                                                       \
        count(1);                                                                                                   \
        return next arguments;                                                                                      \
    }

COUNTED(ssize_t, read, (int file, void *bytes, size_t size), (file, bytes, size))
COUNTED(ssize_t, write, (int file, const void *bytes, size_t size), (file, bytes, size))
COUNTED(ssize_t, readv, (int file, const struct iovec *parts, int number), (file, parts, number))
COUNTED(ssize_t, writev, (int file, const struct iovec *parts, int number), (file, parts, number))
COUNTED(ssize_t, recv, (int file, void *bytes, size_t size, int flags), (file, bytes, size, flags))
COUNTED(ssize_t, send, (int file, const void *bytes, size_t size, int flags), (file, bytes, size, flags))
COUNTED(ssize_t, recvmsg, (int file, struct msghdr *message, int flags), (file, message, flags))
COUNTED(ssize_t, sendmsg, (int file, const struct msghdr *message, int flags), (file, message, flags))
COUNTED(int, epoll_wait, (int set, struct epoll_event *events, int most, int wait), (set, events, most, wait))
COUNTED(int, epoll_ctl, (int set, int what, int file, struct epoll_event *event), (set, what, file, event))
COUNTED(int, timerfd_settime, (int timer, int flags, const struct itimerspec *time, struct itimerspec *before),
        (timer, flags, time, before))

int clock_gettime(clockid_t clock, struct timespec *time) {
    static int (*next)(clockid_t, struct timespec *);
    if (!next) *(void **)&next = dlsym(RTLD_NEXT, "clock_gettime");
    // The clocks of this machine are read without the kernel; those of processes are not.
    if (clock < 0 || clock == CLOCK_PROCESS_CPUTIME_ID || clock == CLOCK_THREAD_CPUTIME_ID) count(1);
    return next(clock, time);
}
