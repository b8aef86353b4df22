// Our own group, from a line of mountinfo and the text of /proc/self/cgroup (what follows the first line).

#include "fuzz.h"

#include <errno.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    const uint8_t *end = length ? memchr(bytes, '\n', length) : NULL;
    if (!end) return 0;
    char *line = text_of(bytes, (size_t)(end - bytes));
    char *groups = text_of(end + 1, length - (size_t)(end - bytes) - 1);
    struct csb_mounted mounted;
    if (csb_mount_parse(line, &mounted)) {
        size_t size = 1 + length % 1100, point = strlen(mounted.point);
        char *path = malloc(size);
        ALWAYS(path && (mounted.version == 1 || mounted.version == 2));
        int result = csb_group_path(&mounted, groups, path, size);
        ALWAYS(result == 0 || result == -EXDEV || result == -ENAMETOOLONG);
        if (!result) {
            // Within what is mounted, and nowhere else.
            ALWAYS(strlen(path) < size && !strncmp(path, mounted.point, point));
            const char *below = path + point;
            ALWAYS(!*below || *below == '/');
            size_t rest = strlen(below);
            ALWAYS(!strstr(below, "/../") && (rest < 3 || strcmp(below + rest - 3, "/..")));
        }
        free(path);
    }
    free(line);
    free(groups);
    return 0;
}
