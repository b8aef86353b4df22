// Leaving layers of the sandbox out, for the tests that show what each is good for. Empty unless built with CSB_LAB.

#include "internal.h"

#ifdef CSB_LAB

#include <string.h>

unsigned csb_lab_without;

bool csb_lab_leave_out(const char *list) {
    static const struct {
        const char *name;
        unsigned bit;
    } layers[] = {
        {"seccomp", CSB_LAB_SECCOMP},     {"landlock", CSB_LAB_LANDLOCK},
        {"user", CSB_LAB_USER},           {"isolation", CSB_LAB_ISOLATION},
        {"network", CSB_LAB_NETWORK},     {"ipc", CSB_LAB_IPC},
        {"uts", CSB_LAB_UTS},             {"cgroups", CSB_LAB_CGROUPS},
        {"uid", CSB_LAB_UID},             {"capabilities", CSB_LAB_CAPABILITIES},
        {"rlimits", CSB_LAB_RLIMITS},     {"proc", CSB_LAB_PROC},
        {"noexec", CSB_LAB_NOEXEC},       {"cgroup-namespace", CSB_LAB_CGROUP_NAMESPACE},
    };
    while (*list) {
        size_t length = strcspn(list, ","), i = 0;
        while (i < sizeof layers / sizeof *layers &&
               (strlen(layers[i].name) != length || strncmp(layers[i].name, list, length)))
            i++;
        if (i == sizeof layers / sizeof *layers) return false;
        csb_lab_without |= layers[i].bit;
        list += length + (list[length] == ',');
    }
    return true;
}

#endif
