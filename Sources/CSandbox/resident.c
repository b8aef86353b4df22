// Memory and threads in use by a process: the watch that stands in for groups where there are none.

#include "internal.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

/// More than this many processes are not followed; a pids limit ends such an instance long before.
#define PROCESSES_MAX 256

int64_t csb_threads(int host_proc, int32_t pid) {
    char text[4096];
    int result = csb_process_read(host_proc, pid, "status", text, sizeof text);
    return result ? result : csb_status_number(text, "\nThreads:", 10);
}

int64_t csb_resident(int host_proc, int32_t pid, bool with_descendants) {
    int32_t waiting[PROCESSES_MAX];
    size_t count = 1;
    int64_t pages = 0;
    waiting[0] = pid;
    // Breadth first. The kernel lists a process's children only if built to (CONFIG_PROC_CHILDREN), which all
    // distributions' are; without, only the first process is seen.
    for (size_t next = 0; next < count; next++) {
        char path[64], text[4096];
        unsigned long size = 0, resident = 0;
        snprintf(path, sizeof path, "%d/statm", waiting[next]);
        if (csb_read_at(host_proc, path, text, sizeof text) <= 0 || sscanf(text, "%lu %lu", &size, &resident) != 2) {
            if (next == 0) return -ESRCH;
            continue;
        }
        pages += (int64_t)resident;
        if (!with_descendants) break;
        snprintf(path, sizeof path, "%d/task/%d/children", waiting[next], waiting[next]);
        if (csb_read_at(host_proc, path, text, sizeof text) <= 0) continue;
        for (char *at = text; count < PROCESSES_MAX;) {
            char *end = NULL;
            long child = strtol(at, &end, 10);
            if (end == at || child <= 0) break;
            waiting[count++] = (int32_t)child;
            at = end;
        }
    }
    return pages * sysconf(_SC_PAGESIZE);
}
