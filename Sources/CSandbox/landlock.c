// Landlock: what an instance may do with the files it can see, checked by the kernel beside the mounts. The kernel is
// asked for its version at run time, because handling a right it does not know is an error; the numbers are written
// out, because the headers of the machine that builds are often older than the kernel of the one that runs.

#include "internal.h"

#include <errno.h>
#include <sys/syscall.h>
#include <unistd.h>

#ifndef SYS_landlock_create_ruleset
#define SYS_landlock_create_ruleset 444
#define SYS_landlock_add_rule 445
#define SYS_landlock_restrict_self 446
#endif

struct ruleset_attributes {
    uint64_t filesystem, network, scoped;
};
struct path_attributes {
    uint64_t allowed;
    int32_t parent;
} __attribute__((packed));

enum {
    EXECUTE = 1 << 0,
    WRITE_FILE = 1 << 1,
    READ_FILE = 1 << 2,
    READ_DIR = 1 << 3,
    ALL_OF_VERSION_1 = (1 << 13) - 1,
    MAKE_CHARACTER_DEVICE = 1 << 6,
    MAKE_BLOCK_DEVICE = 1 << 11,
    REFER = 1 << 13,
    TRUNCATE = 1 << 14,
    IOCTL_DEVICE = 1 << 15,
};

enum {
    BIND_TCP = 1 << 0,
    CONNECT_TCP = 1 << 1,
};

/// All rights that this version knows: what is handled and not allowed by a rule is refused.
static uint64_t handled(int abi) {
    uint64_t rights = ALL_OF_VERSION_1;
    if (abi >= 2) rights |= REFER;
    if (abi >= 3) rights |= TRUNCATE;
    if (abi >= 5) rights |= IOCTL_DEVICE;
    return rights;
}

int csb_landlock_abi(void) {
    long version = syscall(SYS_landlock_create_ruleset, NULL, 0, 1);
    return version < 0 ? 0 : (int)version;
}

int csb_landlock_create(int abi) {
    // No rule will ever allow a port: no TCP, should the filter and the empty network namespace both fail.
    return csb_landlock_create_with(abi, BIND_TCP | CONNECT_TCP);
}

int csb_landlock_create_with(int abi, uint64_t network) {
    struct ruleset_attributes attributes = {
        .filesystem = handled(abi),
        .network = abi >= 4 ? network : 0,
        // Abstract sockets and signals stay within the instance.
        .scoped = abi >= 6 ? 3 : 0,
    };
    size_t size = abi >= 6 ? 24 : abi >= 4 ? 16 : 8;
    long rules = syscall(SYS_landlock_create_ruleset, &attributes, size, 0);
    return rules < 0 ? -errno : (int)rules;
}

int csb_landlock_create_domain(int abi) {
    // Something has to be handled: devices, which nobody in a sandbox could make anyway.
    struct ruleset_attributes attributes = {
        .filesystem = MAKE_CHARACTER_DEVICE | MAKE_BLOCK_DEVICE,
        .scoped = abi >= 6 ? 3 : 0,
    };
    size_t size = abi >= 6 ? 24 : abi >= 4 ? 16 : 8;
    long rules = syscall(SYS_landlock_create_ruleset, &attributes, size, 0);
    return rules < 0 ? -errno : (int)rules;
}

int csb_landlock_allow(int rules, int abi, int descriptor, uint64_t access) {
    uint64_t rights = 0;
    if (access & CSB_ACCESS_READ) rights |= READ_FILE | READ_DIR;
    if (access & CSB_ACCESS_LIST) rights |= READ_DIR;
    if (access & CSB_ACCESS_EXECUTE) rights |= EXECUTE;
    if (access & CSB_ACCESS_WRITE) {
        rights |= handled(abi) & ~(uint64_t)(EXECUTE | READ_FILE | READ_DIR);
        rights &= ~(uint64_t)(MAKE_CHARACTER_DEVICE | MAKE_BLOCK_DEVICE | IOCTL_DEVICE);
    }
    // A rule on a single file may only speak of what can be done with a file.
    if (access & CSB_ACCESS_FILE) rights &= EXECUTE | WRITE_FILE | READ_FILE | (handled(abi) & TRUNCATE);
    struct path_attributes attributes = {.allowed = rights, .parent = descriptor};
    return syscall(SYS_landlock_add_rule, rules, 1, &attributes, 0) ? -errno : 0;
}

int csb_landlock_enter(int rules) {
    return syscall(SYS_landlock_restrict_self, rules, 0) ? -errno : 0;
}
