// The spawner's executable: small on purpose, because it is what keeps the privileges. All of it is in CSandbox.

#include <stdio.h>
#include <string.h>

#include "CSandbox.h"

static int probe(void) {
    static char report[CSB_REPORT_MAX + 1];
    int length = csb_probe(report, sizeof report);
    if (length < 0) fprintf(stderr, "godwit-spawner: %s\n", strerror(-length));
    else puts(report);
    return length < 0;
}

int main(int argc, char **argv) {
    return argc == 2 && !strcmp(argv[1], "--probe") ? probe() : csb_spawner_main(argc, argv);
}
