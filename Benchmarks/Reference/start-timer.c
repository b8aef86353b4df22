// Starts a program again and again and prints, a line each, the nanoseconds until the first byte of its output.
//
//     start-timer COUNT PAUSE_US PROGRAM [ARGUMENT…]
//
// `%n` in an argument becomes a number that no other start of this process has had. Everything that can be prepared is
// prepared before the clock starts. The program must end with code 0; its standard error is ours.
#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

extern char **environ;

static long long now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return time.tv_sec * 1000000000LL + time.tv_nsec;
}

static char *numbered(const char *argument, int number) {
    const char *mark = strstr(argument, "%n");
    char *text = NULL;
    if (!mark) return strdup(argument);
    return asprintf(&text, "%.*s%d-%d%s", (int)(mark - argument), argument, getpid(), number, mark + 2) < 0 ? NULL : text;
}

// Starts the program once; -1 where it did not start, said nothing, or failed.
static long long start(char **arguments) {
    int ends[2], status = 0;
    pid_t process;
    posix_spawn_file_actions_t actions;
    if (pipe2(ends, O_CLOEXEC) < 0 || posix_spawn_file_actions_init(&actions) ||
        posix_spawn_file_actions_adddup2(&actions, ends[1], STDOUT_FILENO) ||
        posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0))
        return -1;
    long long begin = now();
    int error = posix_spawnp(&process, arguments[0], &actions, NULL, arguments, environ);
    char answer[256];
    close(ends[1]);
    ssize_t count = error ? -1 : read(ends[0], answer, sizeof answer);
    long long elapsed = now() - begin;
    while (!error && read(ends[0], answer, sizeof answer) > 0) {}
    close(ends[0]);
    posix_spawn_file_actions_destroy(&actions);
    if (error) {
        fprintf(stderr, "start-timer: %s: %s\n", arguments[0], strerror(error));
        return -1;
    }
    while (waitpid(process, &status, 0) < 0 && errno == EINTR) {}
    return count > 0 && status == 0 ? elapsed : -1;
}

int main(int count, char **words) {
    if (count < 4) {
        fprintf(stderr, "usage: start-timer COUNT PAUSE_US PROGRAM [ARGUMENT...]\n");
        return 64;
    }
    for (int number = 0; number < atoi(words[1]); number++) {
        char **arguments = calloc((size_t)count, sizeof *arguments);
        if (!arguments) return 1;
        for (int index = 3; index < count; index++) arguments[index - 3] = numbered(words[index], number);
        long long elapsed = start(arguments);
        for (int index = 0; arguments[index]; index++) free(arguments[index]);
        free(arguments);
        if (elapsed < 0) return 1;
        printf("%lld\n", elapsed);
        usleep((useconds_t)atoi(words[2]));
    }
    return 0;
}
