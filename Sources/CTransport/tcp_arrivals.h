#ifndef TCP_ARRIVALS_H
#define TCP_ARRIVALS_H

#include <stdint.h>

// What has arrived on a TCP connection so far, by the kernel's count.
typedef struct {
    int is_known;           // 0 where the kernel does not count
    int is_open;            // the peer has neither closed nor reset it
    uint32_t data_segments; // wraps
    uint64_t bytes;
} tcp_arrivals;

tcp_arrivals count_arrivals(int descriptor);

#endif
