// The report of layers is whole and is JSON, whatever was found, in every buffer that holds it.

#include "fuzz.h"

#include <ctype.h>

static const char *skip_value(const char *at);

static const char *skip_string(const char *at) {
    ALWAYS(*at++ == '"');
    for (; *at != '"'; at++) {
        ALWAYS((unsigned char)*at >= 0x20);
        if (*at != '\\') continue;
        at++;
        ALWAYS(*at == '"' || *at == '\\' || *at == 'u');
        for (int i = 0; *at == 'u' && i < 4; i++) ALWAYS(isxdigit((unsigned char)at[1 + i]));
    }
    return at + 1;
}

static const char *skip_list(const char *at, char close, bool named) {
    for (at++; *at != close;) {
        if (named) {
            at = skip_string(at);
            ALWAYS(*at++ == ':');
        }
        at = skip_value(at);
        ALWAYS(*at == ',' || *at == close);
        if (*at == ',') at++;
    }
    return at + 1;
}

static const char *skip_value(const char *at) {
    return *at == '{' ? skip_list(at, '}', true) : *at == '[' ? skip_list(at, ']', false) : skip_string(at);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    static const char *const options[] = {NULL, "subset=pid,hidepid=invisible", "hidepid=2", ""};
    struct csb_nursery nursery = {.host_proc = -1};
    size_t at = 0;
#define NEXT (at < length ? bytes[at++] : 0)
    uint8_t flags = NEXT, more = NEXT;
    nursery.root = flags & 1;
    nursery.isolated = flags & 2;
    nursery.ipc_namespace = flags & 4;
    nursery.cgroup_namespace = flags & 8;
    nursery.user_namespace = flags & 16;
    nursery.seccomp = flags & 32;
    nursery.net_namespace = flags & 64;
    nursery.uts_namespace = flags & 128;
    nursery.own_uid = more & 1;
    nursery.proc_options = options[more >> 1 & 3];
    nursery.cgroups.version = more >> 3 & 3;
    nursery.landlock_abi = NEXT;
    nursery.cgroups.controllers = NEXT;
    for (int i = 0; i <= CSB_STEP_EXEC; i++) nursery.errors[i] = NEXT;
    nursery.error_net = NEXT;
    nursery.error_isolation = NEXT;
    for (size_t i = 0; i + 1 < sizeof nursery.cgroups.detail && at < length; i++)
        nursery.cgroups.detail[i] = (char)NEXT;
    char *whole = malloc(CSB_REPORT_MAX);
    ALWAYS(whole);
    size_t written = csb_layers_write(&nursery, false, whole, CSB_REPORT_MAX);
    // What fills its room may have been cut.
    ALWAYS(written < CSB_REPORT_MAX - 1 && strlen(whole) == written);
    ALWAYS(!*skip_value(whole));
    size_t small = 1 + length % 512;
    char *part = malloc(small);
    ALWAYS(part);
    written = csb_layers_write(&nursery, false, part, small);
    ALWAYS(written < small && !part[written] && !strncmp(part, whole, written));
    free(part);
    free(whole);
    return 0;
}
