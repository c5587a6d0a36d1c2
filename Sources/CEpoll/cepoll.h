// Linux calls that Swift's Glibc module leaves out: epoll is not in its list of headers, and prctl takes variable arguments.
#pragma once

#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>

/// Sets how late the kernel may wake the calling thread in order to save power, in nanoseconds.
static inline int cepoll_set_timer_slack(unsigned long nanoseconds) {
    return prctl(PR_SET_TIMERSLACK, nanoseconds, 0, 0, 0);
}
