// What the instances of the checks run: one thing that its argument names.

#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <sys/ptrace.h>
#include <unistd.h>

#include "guest.h"

/// What the check says over the frame socket is what it exits with.
static int exit_as_told(void) {
    unsigned char code = 0;
    return read(3, &code, 1) == 1 ? code : 5;
}

int main(int argc, char **argv) {
    const char *what = argc >= 2 ? argv[1] : "";
    if (getenv("GODWIT_STANDBY") && !guest_standby()) return 9;
    if (argc == 3 && !strcmp(what, "zygote")) return guest_zygote(argv[2], exit_as_told);
    if (!strcmp(what, "exit")) return 7;
    if (!strcmp(what, "read")) return exit_as_told();
    if (!strcmp(what, "trace")) return (int)ptrace(PTRACE_TRACEME, 0, NULL, NULL);
    if (!strcmp(what, "fork")) {
        // Children and theirs, which only the end of the namespace or of the group ends.
        for (int i = 0; i < 3; i++)
            if (fork() == 0) (void)setsid();
    }
    if (!strcmp(what, "fill")) {
        // Volatile, or the compiler sees that nobody reads it and leaves it out.
        for (volatile char *memory; (memory = malloc(1 << 20));)
            for (size_t i = 0; i < 1 << 20; i += 4096) memory[i] = 1;
    }
    for (;;) pause();
}
