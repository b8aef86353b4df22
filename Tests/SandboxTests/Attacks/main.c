// Runs the attack that its first argument names: at once, in a standby once it is an instance, or, with "--zygote", in forks
// to which the name is sent.

#include "attack.h"
#include "guest.h"

#include <stdarg.h>

static void say(const char *verdict, const char *format, va_list arguments) {
    char line[400];
    int length = snprintf(line, sizeof line, "%s ", verdict);
    length += vsnprintf(line + length, sizeof line - (size_t)length - 2, format, arguments);
    if (length > (int)sizeof line - 2) length = (int)sizeof line - 2;
    line[length++] = '\n';
    if (write(1, line, (size_t)length) != length) _exit(3);
}

void succeeded(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    say("succeeded", format, arguments);
    va_end(arguments);
}

void limited(const char *format, ...) {
    va_list arguments;
    va_start(arguments, format);
    say("limited", format, arguments);
    va_end(arguments);
}

void blocked(int error) {
    char line[64];
    const char *name = strerrorname_np(error);
    int length = snprintf(line, sizeof line, "blocked %s\n", name ? name : "?");
    if (write(1, line, (size_t)length) != length) _exit(3);
}

void outcome(long result) {
    if (result < 0) blocked(errno);
    else succeeded("%ld", result);
}

void read_file(const char *path) {
    char bytes[8];
    int file = open(path, O_RDONLY | O_CLOEXEC);
    if (file < 0) {
        blocked(errno);
        return;
    }
    ssize_t length = read(file, bytes, sizeof bytes);
    if (length < 0) blocked(errno);
    else succeeded("read %zd bytes", length);
    close(file);
}

void write_file(const char *path) {
    int file = open(path, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
    outcome(file);
    if (file >= 0) close(file);
}

long told_number(const char *name) { return strtol(told(name), NULL, 10); }

const char *told(const char *name) {
    const char *value = getenv(name);
    return value ? value : "";
}

/// Runs an attack; 64 where there is none of that name.
static int run(const char *wanted) {
    const struct attack *const groups[] = {file_attacks,   process_attacks,  mount_attacks, network_attacks,
                                           kernel_attacks, identity_attacks, limit_attacks, own_attacks};
    for (size_t group = 0; group < sizeof groups / sizeof *groups; group++) {
        for (const struct attack *attack = groups[group]; attack->name; attack++) {
            if (strcmp(wanted, "--list") == 0) {
                puts(attack->name);
            } else if (strcmp(wanted, attack->name) == 0) {
                attack->run();
                return 0;
            }
        }
    }
    return strcmp(wanted, "--list") == 0 ? 0 : 64;
}

/// Runs the attack whose name comes over the socket to the node, and goes on without that socket, as others do.
static int run_as_told(void) {
    char name[64] = "";
    ssize_t length = read(3, name, sizeof name - 1);
    close(3);
    return length > 0 ? run(name) : 65;
}

int main(int argc, char **argv) {
    const char *wanted = argc > 1 ? argv[1] : "";
    if (!strcmp(wanted, "--zygote")) return guest_zygote("none", run_as_told);
    if (getenv("GODWIT_STANDBY")) {
        if (!guest_standby()) return 66;
        close(3);
        if (write(1, "waited\n", 7) != 7) return 67;
    }
    return run(wanted);
}
