// Events as the node receives them, through a real socket, with and without descriptors beside them.

#include "fuzz.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length) {
    static int near = -1, far = -1, null = -1;
    static struct csb_event event;
    if (near < 0) {
        ALWAYS(!csb_packet_pair(&near, &far));
        null = open("/dev/null", O_RDONLY | O_CLOEXEC);
        ALWAYS(null >= 0);
    }
    if (length < 2 || length > 32768) return 0;
    // The next free number; between two inputs the fuzzer itself may open something.
    int before = dup(null);
    ALWAYS(before >= 0 && !close(before));
    const int descriptors[16] = {null, null, null, null, null, null, null, null,
                                 null, null, null, null, null, null, null, null};
    size_t count = bytes[0] % 17;
    const struct iovec part = {(void *)(bytes + 1), length - 1};
    ALWAYS(!csb_send(far, &part, 1, descriptors, count, 0));
    int result = csb_client_receive(near, &event);
    ALWAYS(result == 1 || result == -EPROTO);
    if (result == 1) {
        ALWAYS(event.report_length < CSB_REPORT_MAX && !event.report[event.report_length]);
        size_t received = (event.pidfd >= 0) + (event.cpu_fd >= 0) + (size_t)(event.memory_fd >= 0);
        ALWAYS(received == count);
        csb_close(&event.pidfd);
        csb_close(&event.cpu_fd);
        csb_close(&event.memory_fd);
    }
    // It does not move: no descriptor was forgotten.
    int after = dup(null);
    ALWAYS(after == before);
    close(after);
    return 0;
}
