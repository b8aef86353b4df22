// The plain process that nginx proxies to in the warm-call cases: answers every request with its own body.
//
// HTTP/1.1 with keep-alive, one thread, epoll, one read and one write a request: as little as a server can do.
// Listens on a free loopback port and prints its number. Bodies come with Content-Length, at most LIMIT bytes with
// their head; anything else closes the connection.
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>
#include <unistd.h>

enum { LIMIT = 4 << 20, FIRST = 4096 };

struct connection {
    int descriptor;
    size_t filled, capacity;
    char *bytes;
};

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void finish(struct connection *connection) {
    close(connection->descriptor);
    free(connection->bytes);
    free(connection);
}

// The value of Content-Length in a head that ends with an empty line; 0 where there is none.
static size_t body_length(const char *head, const char *end) {
    static const char name[] = "\r\ncontent-length:";
    for (const char *at = head; at + sizeof name < end; at++)
        if (*at == '\r' && strncasecmp(at, name, sizeof name - 1) == 0) return strtoul(at + sizeof name - 1, NULL, 10);
    return 0;
}

// Writes everything, waiting where the other side is slow; false when it is gone.
static int write_all(int descriptor, struct iovec *parts, int count) {
    while (count > 0) {
        ssize_t written = writev(descriptor, parts, count);
        if (written < 0 && errno == EAGAIN) {
            usleep(50);
            continue;
        }
        if (written < 0) return 0;
        while (count > 0 && (size_t)written >= parts->iov_len) {
            written -= (ssize_t)parts->iov_len;
            parts++;
            count--;
        }
        if (count > 0) {
            parts->iov_base = (char *)parts->iov_base + written;
            parts->iov_len -= (size_t)written;
        }
    }
    return 1;
}

// Answers every whole request in the buffer; false when the connection cannot go on.
static int answer(struct connection *connection) {
    for (;;) {
        char *head_end = memmem(connection->bytes, connection->filled, "\r\n\r\n", 4);
        if (!head_end) return connection->filled < LIMIT;
        size_t head = (size_t)(head_end - connection->bytes) + 4;
        size_t body = body_length(connection->bytes, head_end + 4);
        if (body > LIMIT - FIRST || head > FIRST) return 0;
        if (connection->filled < head + body) return 1;
        char text[128];
        int length = snprintf(text, sizeof text,
                              "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: %zu\r\n\r\n",
                              body);
        struct iovec parts[] = {{text, (size_t)length}, {connection->bytes + head, body}};
        if (!write_all(connection->descriptor, parts, 2)) return 0;
        connection->filled -= head + body;
        memmove(connection->bytes, connection->bytes + head + body, connection->filled);
    }
}

// Reads what is there; false when the connection is over.
static int receive(struct connection *connection) {
    if (connection->filled == connection->capacity) {
        if (connection->capacity >= LIMIT) return 0;
        connection->capacity *= 2;
        connection->bytes = realloc(connection->bytes, connection->capacity);
        if (!connection->bytes) fail("realloc");
    }
    ssize_t count = read(connection->descriptor, connection->bytes + connection->filled,
                         connection->capacity - connection->filled);
    if (count < 0) return errno == EAGAIN || errno == EINTR;
    if (count == 0) return 0;
    connection->filled += (size_t)count;
    return answer(connection);
}

static void take(int poll, int listener) {
    int on = 1, descriptor = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (descriptor < 0) return;
    setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    struct connection *connection = calloc(1, sizeof *connection);
    if (!connection) fail("calloc");
    *connection = (struct connection){.descriptor = descriptor, .capacity = FIRST, .bytes = malloc(FIRST)};
    if (!connection->bytes) fail("malloc");
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = connection};
    if (epoll_ctl(poll, EPOLL_CTL_ADD, descriptor, &event) < 0) fail("epoll_ctl");
}

int main(void) {
    signal(SIGPIPE, SIG_IGN);
    int listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof address;
    if (listener < 0 || bind(listener, (struct sockaddr *)&address, size) < 0 || listen(listener, 1024) < 0 ||
        getsockname(listener, (struct sockaddr *)&address, &size) < 0)
        fail("listen");
    printf("%d\n", ntohs(address.sin_port));
    fflush(stdout);

    int poll = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL}, events[64];
    if (poll < 0 || epoll_ctl(poll, EPOLL_CTL_ADD, listener, &event) < 0) fail("epoll");
    for (;;) {
        int count = epoll_wait(poll, events, 64, -1);
        for (int index = 0; index < count; index++) {
            struct connection *connection = events[index].data.ptr;
            if (!connection)
                take(poll, listener);
            else if (!receive(connection))
                finish(connection);
        }
    }
}
