#include "check.h"

#include <signal.h>
#include <stdarg.h>
#include <sys/wait.h>

#define SKIPPED 77
#define SECONDS 60

const char *spawner_program, *bundle_folder;
const char bundle_digest[] = "0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";
static bool has_failed;

void skip(const char *reason) {
    printf("(%s) ", reason);
    exit(has_failed ? 1 : SKIPPED);
}

void failed(const char *file, int line, const char *what) {
    has_failed = true;
    fprintf(stderr, "%s:%d: does not hold: %s\n", file, line, what);
}

void need_root(void) {
    if (geteuid()) skip("needs root");
}

const char *own_name(const char *suffix) {
    static char name[64];
    snprintf(name, sizeof name, "check-%d-%s", getpid(), suffix);
    return name;
}

static int run(const struct check *check) {
    printf("%s ... ", check->name);
    fflush(stdout);
    pid_t pid = fork();
    if (pid == 0) {
        // What outlives its time is stuck: the alarm ends it, and what it started notices that its socket closes.
        alarm(SECONDS);
        check->run();
        exit(has_failed);
    }
    int status = 0;
    while (waitpid(pid, &status, 0) < 0 && errno == EINTR) continue;
    bool skipped = WIFEXITED(status) && WEXITSTATUS(status) == SKIPPED;
    if (WIFSIGNALED(status)) printf("(signal %d) ", WTERMSIG(status));
    puts(status == 0 ? "ok" : skipped ? "skipped" : "FAILED");
    return status && !skipped;
}

int main(int argc, char **argv) {
    const struct check *const all[] = {path_checks,  audit_checks, filter_checks,
                                       group_checks, name_checks,  life_checks, standby_checks, zygote_checks};
    if (argc < 3 || argc > 4) {
        fprintf(stderr, "usage: checks SPAWNER BUNDLES [PART-OF-A-NAME]\n");
        return 64;
    }
    spawner_program = argv[1];
    bundle_folder = argv[2];
    int failures = 0;
    for (size_t i = 0; i < sizeof all / sizeof *all; i++)
        for (const struct check *check = all[i]; check->name; check++)
            if (argc == 3 || strstr(check->name, argv[3])) failures += run(check);
    if (failures) printf("%d checks FAILED\n", failures);
    return failures != 0;
}
