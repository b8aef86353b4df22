// What this machine offers, found out by doing it: a child prepares a nursery exactly as a spawner would, degraded
// where it must be, writes the report and disappears with all it made. The caller stays as it was.

#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

static _Noreturn void report(int out) {
    static struct csb_nursery nursery;
    static char text[CSB_REPORT_MAX];
    struct csb_refusal refusal = {0, 0, ""};
    char name[32];
    snprintf(name, sizeof name, "probe-%d", getpid());
    // Any folder serves as that of the bundles: nothing is executed.
    struct csb_options options = {.socket = -1, .bundles = "/usr", .name = name, .uid_base = 1879048192, .slots = 4096,
                                  .allow_degraded = true};
    int result = csb_nursery_open(&nursery, &options, &refusal);
    if (!result) result = csb_nursery_try(&nursery, options.allow_degraded, &refusal);
    // Even a refusal leaves a report: what was reached before it is in the nursery.
    if (result) {
        if (refusal.step <= CSB_STEP_EXEC) nursery.errors[refusal.step] = refusal.error;
        if (nursery.isolated) nursery.error_isolation = refusal.error;
        nursery.isolated = false;
        nursery.proc_options = NULL;
    }
    size_t length = csb_layers_write(&nursery, true, text, sizeof text);
    ssize_t written = write(out, text, length);
    csb_nursery_close(&nursery);
    _exit(written == (ssize_t)length ? 0 : 1);
}

int csb_probe(char *buffer, size_t size) {
    int ends[2], status = 0;
    if (!size) return -EINVAL;
    if (pipe2(ends, O_CLOEXEC)) return -errno;
    pid_t pid = fork();
    if (pid < 0) {
        int error = errno;
        close(ends[0]);
        close(ends[1]);
        return -error;
    }
    if (pid == 0) {
        close(ends[0]);
        report(ends[1]);
    }
    close(ends[1]);
    size_t length = 0;
    int result = 0;
    while (!result) {
        char rest[256];
        bool fits = length + 1 < size;
        ssize_t got = read(ends[0], fits ? buffer + length : rest, fits ? size - 1 - length : sizeof rest);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) result = -errno;
        if (got <= 0) break;
        if (fits) length += (size_t)got;
        else result = -ENOSPC;
    }
    close(ends[0]);
    buffer[length] = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
    if (!result && !length) result = -EIO;
    return result ? result : (int)length;
}
