// The few helpers that every other file here uses: time, and the small text files by which the kernel is talked to.

#include "internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

uint64_t csb_now(void) {
    struct timespec now = {0, 0};
    // CLOCK_MONOTONIC cannot fail; it is read from the vDSO, so the child that shares our memory may call this too.
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000000u + (uint64_t)now.tv_nsec;
}

int csb_write_at(int directory, const char *path, const char *text) {
    int file = openat(directory, path, O_WRONLY | O_CLOEXEC);
    if (file < 0) return -errno;
    size_t length = strlen(text);
    ssize_t written = write(file, text, length);
    int result = written < 0 ? -errno : (size_t)written == length ? 0 : -EIO;
    close(file);
    return result;
}

ssize_t csb_read_at(int directory, const char *path, char *buffer, size_t size) {
    int file = openat(directory, path, O_RDONLY | O_CLOEXEC);
    if (file < 0) return -errno;
    size_t length = 0;
    ssize_t result = 0;
    // Kernel files hand out at most a page at a time.
    while (length + 1 < size) {
        ssize_t got = read(file, buffer + length, size - 1 - length);
        if (got < 0 && errno == EINTR) continue;
        if (got < 0) result = -errno;
        if (got <= 0) break;
        length += (size_t)got;
    }
    buffer[length] = 0;
    close(file);
    return result < 0 ? result : (ssize_t)length;
}

int64_t csb_number_at(int directory, const char *path, const char *key) {
    char text[4096];
    ssize_t length = csb_read_at(directory, path, text, sizeof text);
    return length < 0 ? length : csb_number_in(text, key);
}

int64_t csb_number_in(const char *text, const char *key) {
    const char *at = text;
    if (key) {
        size_t key_length = strlen(key);
        for (;;) {
            if (!strncmp(at, key, key_length) && at[key_length] == ' ') break;
            at = strchr(at, '\n');
            if (!at) return -ENOENT;
            at++;
        }
        at += key_length + 1;
    }
    char *end = NULL;
    errno = 0;
    unsigned long long value = strtoull(at, &end, 10);
    if (end == at || errno) return -EINVAL;
    return value > INT64_MAX ? INT64_MAX : (int64_t)value;
}

int csb_mkdir(const char *path, mode_t mode) {
    // The mode has to hold whatever umask we were started with.
    if (mkdir(path, mode) && errno != EEXIST) return -errno;
    return chmod(path, mode) ? -errno : 0;
}

void csb_close(int *descriptor) {
    if (*descriptor >= 0) close(*descriptor);
    *descriptor = -1;
}

int csb_process_read(int host_proc, int pid, const char *file, char *text, size_t size) {
    char path[32];
    snprintf(path, sizeof path, "%d/%s", pid, file);
    ssize_t length = csb_read_at(host_proc, path, text, size);
    return length < 0 ? (int)length : 0;
}

int64_t csb_status_number(const char *status, const char *key, int base) {
    const char *at = strstr(status, key);
    return at ? (int64_t)strtoull(at + strlen(key), NULL, base) : -1;
}
