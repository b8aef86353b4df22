// Small system calls for the node: pairs of sockets, pipes, the CPU time of a process.

#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

/// Only our end may be non-blocking: O_NONBLOCK belongs to the open file, and the function expects to block.
static int make_nonblocking(int near, int far) {
    int flags = fcntl(near, F_GETFL);
    if (flags >= 0 && fcntl(near, F_SETFL, flags | O_NONBLOCK) == 0) return 0;
    int error = errno;
    close(near);
    close(far);
    return -error;
}

static int pair(int type, int *near, int *far) {
    int ends[2];
    if (socketpair(AF_UNIX, type | SOCK_CLOEXEC, 0, ends)) return -errno;
    int result = make_nonblocking(ends[0], ends[1]);
    if (result) return result;
    *near = ends[0];
    *far = ends[1];
    return 0;
}

int csb_stream_pair(int *near, int *far) {
    return pair(SOCK_STREAM, near, far);
}

int csb_packet_pair(int *near, int *far) {
    return pair(SOCK_SEQPACKET, near, far);
}

int csb_pipe(int near_reads, int *near, int *far) {
    int ends[2];
    if (pipe2(ends, O_CLOEXEC)) return -errno;
    int ours = ends[near_reads ? 0 : 1], theirs = ends[near_reads ? 1 : 0];
    int result = make_nonblocking(ours, theirs);
    if (result) return result;
    *near = ours;
    *far = theirs;
    return 0;
}

int64_t csb_process_cpu(int32_t pid) {
    struct timespec used;
    if (pid <= 0) return -EINVAL;
    // The process's CPU clock has nanoseconds, needs no permission and no /proc. Its number is the kernel's
    // MAKE_PROCESS_CPUCLOCK(pid, CPUCLOCK_SCHED); clock_getcpuclockid gives the same for one system call more.
    clockid_t clock = (clockid_t)(~(unsigned)pid << 3 | 2);
    if (clock_gettime(clock, &used)) return -errno;
    return (int64_t)used.tv_sec * 1000000000 + used.tv_nsec;
}

int csb_sealed_page(size_t size) {
    int page = memfd_create("godwit-tickets", MFD_CLOEXEC | MFD_ALLOW_SEALING);
    if (page < 0) return -errno;
    // Who maps it would otherwise be ended for reading what another has cut off.
    if (!ftruncate(page, (off_t)size) && !fcntl(page, F_ADD_SEALS, F_SEAL_SHRINK | F_SEAL_GROW | F_SEAL_SEAL)) return page;
    int error = errno;
    close(page);
    return -error;
}
