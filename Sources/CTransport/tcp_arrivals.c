#include "tcp_arrivals.h"

#include <linux/tcp.h>
#include <netinet/in.h>
#include <stddef.h>
#include <sys/socket.h>

enum { ESTABLISHED = 1 };

tcp_arrivals count_arrivals(int descriptor) {
    struct tcp_info info;
    socklen_t length = sizeof info;
    if (getsockopt(descriptor, IPPROTO_TCP, TCP_INFO, &info, &length) != 0) return (tcp_arrivals){0};
    // Before Linux 4.6 the structure ended before this count.
    if (length < offsetof(struct tcp_info, tcpi_data_segs_in) + sizeof info.tcpi_data_segs_in) return (tcp_arrivals){0};
    return (tcp_arrivals){
        .is_known = 1,
        .is_open = info.tcpi_state == ESTABLISHED,
        .data_segments = info.tcpi_data_segs_in,
        .bytes = info.tcpi_bytes_received,
    };
}
