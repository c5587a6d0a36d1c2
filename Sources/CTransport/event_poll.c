#define _GNU_SOURCE
#include "event_poll.h"

#include <errno.h>
#include <limits.h>
#include <malloc.h>
#include <sched.h>
#include <stdatomic.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>
#include <time.h>

int ct_poll_watch(int poll, int descriptor, uint32_t events) {
    struct epoll_event event = {.events = events, .data.fd = descriptor};
    if (epoll_ctl(poll, EPOLL_CTL_MOD, descriptor, &event) == 0) return 0;
    return epoll_ctl(poll, EPOLL_CTL_ADD, descriptor, &event);
}

void ct_poll_forget(int poll, int descriptor) {
    epoll_ctl(poll, EPOLL_CTL_DEL, descriptor, NULL);
}

int ct_poll_wait(int poll, struct epoll_event *events, int capacity, int64_t nanoseconds) {
    static _Atomic int has_nanosecond_waits = 1;
    if (atomic_load_explicit(&has_nanosecond_waits, memory_order_relaxed)) {
        struct timespec wait = {.tv_sec = nanoseconds / 1000000000, .tv_nsec = nanoseconds % 1000000000};
        int count = epoll_pwait2(poll, events, capacity, nanoseconds < 0 ? NULL : &wait, NULL);
        if (count >= 0 || errno == EINTR) return count;
        // Some containers' filters refuse what they do not know with EPERM.
        if (errno != ENOSYS && errno != EPERM) return -1;
        atomic_store_explicit(&has_nanosecond_waits, 0, memory_order_relaxed);
    }
    int64_t milliseconds = nanoseconds < 0 ? -1 : (nanoseconds + 999999) / 1000000;
    return epoll_wait(poll, events, capacity, milliseconds > INT_MAX ? INT_MAX : (int)milliseconds);
}

void ct_poll_set_timer_slack(uint64_t nanoseconds) {
    prctl(PR_SET_TIMERSLACK, nanoseconds);
}

int ct_event_descriptor(void) {
    return eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
}

int ct_stay_on_core(int core) {
    cpu_set_t cores;
    CPU_ZERO(&cores);
    CPU_SET(core, &cores);
    return sched_setaffinity(0, sizeof cores, &cores);
}

int ct_usable_cores(void) {
    cpu_set_t cores;
    return sched_getaffinity(0, sizeof cores, &cores) == 0 ? CPU_COUNT(&cores) : 1;
}

void ct_give_back_memory(void) {
    malloc_trim(0);
}
