// What the kernel writes in its log and in the files of groups.

#include "fuzz.h"

#include <errno.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    char *text = text_of(bytes, length);
    int32_t pid = -1, number = -1;
    if (csb_audit_parse(text, &pid, &number)) ALWAYS(pid >= 0 && number >= 0 && strstr(text, "type=1326"));
    static const char *const keys[] = {NULL, "usage_usec", "oom_kill", "max"};
    for (size_t i = 0; i < 4; i++) {
        int64_t value = csb_number_in(text, keys[i]);
        ALWAYS(value >= 0 || value == -ENOENT || value == -EINVAL);
    }
    const char *list = text;
    pid_t members[3];
    for (size_t count; (count = csb_group_members(&list, members, 3));) {
        ALWAYS(count <= 3 && list > text && list <= text + length && list[-1] == '\n');
        for (size_t i = 0; i < count; i++) ALWAYS(members[i] > 0);
    }
    free(text);
    return 0;
}
