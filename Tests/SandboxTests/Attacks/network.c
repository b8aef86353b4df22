// Speaking to anybody at all.

#include "attack.h"

#include <arpa/inet.h>
#include <linux/netlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <stddef.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/un.h>

static void connect_to(const char *address, uint16_t port, int type) {
    int socket_ = socket(AF_INET, type | SOCK_CLOEXEC, 0);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(port)};
    inet_pton(AF_INET, address, &to.sin_addr);
    if (socket_ < 0) blocked(errno);
    else if (type == SOCK_DGRAM) outcome(sendto(socket_, "x", 1, 0, (struct sockaddr *)&to, sizeof to));
    else outcome(connect(socket_, (struct sockaddr *)&to, sizeof to));
}

static void open_socket(int family, int type, int protocol) { outcome(socket(family, type | SOCK_CLOEXEC, protocol)); }

static void tcp_host(void) { connect_to("127.0.0.1", (uint16_t)told_number("PORT"), SOCK_STREAM); }
static void tcp_internet(void) { connect_to("192.0.2.1", 80, SOCK_STREAM); }
static void metadata_169(void) { connect_to("169.254.169.254", 80, SOCK_STREAM); }
static void udp_send(void) { connect_to("192.0.2.1", 53, SOCK_DGRAM); }

static void tcp_fast_open(void) {
    int socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons((uint16_t)told_number("PORT"))};
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    outcome(socket_ < 0 ? -1 : sendto(socket_, "x", 1, MSG_FASTOPEN, (struct sockaddr *)&to, sizeof to));
}

static void tcp_bind(void) {
    int socket_ = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_in at = {.sin_family = AF_INET, .sin_port = htons(8080)};
    outcome(socket_ < 0 ? -1 : bind(socket_, (struct sockaddr *)&at, sizeof at));
}

static void raw_socket(void) { open_socket(AF_INET, SOCK_RAW, 1); }
static void packet_socket(void) { open_socket(AF_PACKET, SOCK_RAW, htons(3)); }
static void netlink_socket(void) { open_socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE); }
static void af_alg(void) { open_socket(AF_ALG, SOCK_SEQPACKET, 0); }
static void vsock(void) { open_socket(AF_VSOCK, SOCK_STREAM, 0); }
static void ipv6_socket(void) { open_socket(AF_INET6, SOCK_STREAM, 0); }
static void bluetooth_socket(void) { open_socket(AF_BLUETOOTH, SOCK_RAW, 1); }

static void connect_unix(const char *name, int is_abstract) {
    int socket_ = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    struct sockaddr_un to = {.sun_family = AF_UNIX};
    size_t length = strlen(name);
    if (length >= sizeof to.sun_path) length = sizeof to.sun_path - 1;
    memcpy(to.sun_path + is_abstract, name, length - (size_t)is_abstract * (length == sizeof to.sun_path - 1));
    socklen_t size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + length + 1);
    outcome(socket_ < 0 ? -1 : connect(socket_, (struct sockaddr *)&to, size));
}

static void unix_abstract(void) { connect_unix(told("ABSTRACT"), 1); }
static void unix_path(void) { connect_unix(told("UNIX_PATH"), 0); }

static void socketpair_(void) {
    int ends[2];
    outcome(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends));
}

static void socketpair_inet(void) {
    int ends[2];
    outcome(socketpair(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0, ends));
}

/// Descriptors sent over the frame socket: the node reads with read, which drops them.
static void scm_rights_flood(void) {
    int sent = 0;
    for (int round = 0; round < 100; round++) {
        char control[CMSG_SPACE(sizeof(int))] = {0};
        struct iovec part = {"x", 1};
        struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control,
                                 .msg_controllen = sizeof control};
        struct cmsghdr *head = CMSG_FIRSTHDR(&message);
        head->cmsg_level = SOL_SOCKET;
        head->cmsg_type = SCM_RIGHTS;
        head->cmsg_len = CMSG_LEN(sizeof(int));
        memcpy(CMSG_DATA(head), &(int){1}, sizeof(int));
        if (sendmsg(3, &message, MSG_DONTWAIT) < 0) break;
        sent++;
    }
    limited("%d messages with a descriptor", sent);
}

static void interface_ioctl(void) {
    struct ifreq request = {.ifr_flags = 0};
    strcpy(request.ifr_name, "lo");
    outcome(ioctl(3, SIOCSIFFLAGS, &request));
}

const struct attack network_attacks[] = {
    {"tcp_host", tcp_host},
    {"tcp_internet", tcp_internet},
    {"metadata_169", metadata_169},
    {"udp_send", udp_send},
    {"tcp_fast_open", tcp_fast_open},
    {"tcp_bind", tcp_bind},
    {"raw_socket", raw_socket},
    {"packet_socket", packet_socket},
    {"netlink", netlink_socket},
    {"af_alg", af_alg},
    {"vsock", vsock},
    {"ipv6_socket", ipv6_socket},
    {"bluetooth_socket", bluetooth_socket},
    {"unix_abstract", unix_abstract},
    {"unix_path", unix_path},
    {"socketpair", socketpair_},
    {"socketpair_inet", socketpair_inet},
    {"scm_rights_flood", scm_rights_flood},
    {"interface_ioctl", interface_ioctl},
    {NULL, NULL},
};
