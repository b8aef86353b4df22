// Any system call with any arguments, under any of the filters, for this machine and for aarch64: the answer must be
// the one that the rules, read a second time, give.

#include "fuzz.h"

#include "../Spawner/bpf.h"

#include <seccomp.h>

#define DESCRIPTOR 1023

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    static struct sock_fprog programs[CSB_FILTER_COUNT][2];
    const uint32_t architectures[2] = {seccomp_arch_native(), SCMP_ARCH_AARCH64};
    if (!programs[0][0].filter)
        for (unsigned filter = 0; filter < CSB_FILTER_COUNT; filter++)
            for (int i = 0; i < 2; i++)
                ALWAYS(!csb_filter_build(filter, architectures[i], DESCRIPTOR, &programs[filter][i]));
    struct seccomp_data call = {.nr = 0};
    if (length < 4) return 0;
    unsigned filter = bytes[0] % CSB_FILTER_COUNT, which = bytes[1] % 2;
    call.nr = bytes[2] | bytes[3] << 8;
    // Mostly numbers that there are; sometimes those of x32, negative ones, and another architecture's.
    if (bytes[1] & 0x80) call.nr ^= 0x40000000;
    if (bytes[1] & 0x40) call.nr = ~call.nr;
    call.arch = bytes[1] & 0x20 ? SCMP_ARCH_X86 : architectures[which];
    memcpy(call.args, bytes + 4, length - 4 < sizeof call.args ? length - 4 : sizeof call.args);
    uint32_t answer = bpf_run(&programs[filter][which], &call);
    ALWAYS(!rules_check(filter, architectures[which], DESCRIPTOR, &call, answer));
    return 0;
}
