// Requests as the spawner decodes them: what it accepts must be within bounds, and its strings within the message.

#include "fuzz.h"

#include <errno.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    static struct csb_message message;
    (void)csb_fuzz_message(bytes, length);
    if (length > CSB_MESSAGE_MAX) return 0;
    uint8_t *copy = malloc(length ? length : 1);
    ALWAYS(copy);
    if (length) memcpy(copy, bytes, length);
    int result = csb_message_decode(copy, length, &message);
    ALWAYS(result == 0 || result == -EINVAL || result == -ENOMSG);
    if (!result && message.kind == CSB_WIRE_SPAWN) {
        const struct csb_spawn_request *request = &message.spawn;
        ALWAYS(message.id && message.id == request->id && request->profile < CSB_PROFILE_COUNT);
        ALWAYS(message.descriptors < 1u << CSB_SPAWN_DESCRIPTORS);
        ALWAYS(csb_is_digest(request->bundle) && request->pids && request->argc && request->argc <= CSB_ARGUMENTS_MAX);
        // Doubled and padded by set_limits.
        ALWAYS(2 * request->memory_bytes + (64u << 20) > request->memory_bytes || !request->memory_bytes);
        char *const end = (char *)copy + length;
        size_t total = 0;
        for (uint32_t i = 0; i < request->argc + request->envc; i++) {
            char *string = i < request->argc ? message.argv[i] : message.envp[i - request->argc];
            ALWAYS(string >= (char *)copy && string < end && memchr(string, 0, (size_t)(end - string)));
            total += strlen(string) + 1;
        }
        ALWAYS(total == request->strings_length && message.argv[0][0] == '/');
        ALWAYS(!message.argv[request->argc] && !message.envp[request->envc]);
    } else if (!result) {
        ALWAYS(message.kind == CSB_WIRE_KILL || message.kind == CSB_WIRE_PLACE || message.kind == CSB_WIRE_FREEZE);
    }
    free(copy);
    return 0;
}
