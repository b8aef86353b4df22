// Appends a block to a file and waits until it is on the disk, one after another, for a time; prints how often a second.
//
//     commit-timer FILE BYTES MILLISECONDS
//
// The floor under every call that is acknowledged only when it is on disk, one at a time.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>
#include <unistd.h>

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

int main(int count, char **words) {
    if (count != 4) {
        fprintf(stderr, "usage: commit-timer FILE BYTES MILLISECONDS\n");
        return 64;
    }
    size_t size = strtoul(words[2], NULL, 10);
    char *block = calloc(1, size);
    int file = open(words[1], O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
    if (!block || file < 0) {
        perror(words[1]);
        return 1;
    }
    long commits = 0;
    double begin = now(), end = begin + (double)atoi(words[3]) / 1000;
    while (now() < end) {
        if (write(file, block, size) != (ssize_t)size || fdatasync(file) < 0) {
            perror(words[1]);
            return 1;
        }
        commits++;
    }
    printf("%.1f\n", (double)commits / (now() - begin));
    unlink(words[1]);
    return 0;
}
