#pragma once
#include <stdint.h>
#include <sys/epoll.h>

// epoll with descriptors as the only payload and waits in nanoseconds.

// Watches a descriptor for epoll events, whether it was watched before or not. Returns 0, or -1 with errno.
int ct_poll_watch(int poll, int descriptor, uint32_t events);

// Stops watching a descriptor; one that is already closed is no error.
void ct_poll_forget(int poll, int descriptor);

// Waits at most `nanoseconds` (negative: without end) for up to `capacity` events. Returns their number, 0 where there was
// none all that time, or -1 with errno, EINTR when a signal came first. Kernels before 5.11 round the wait up to
// milliseconds.
int ct_poll_wait(int poll, struct epoll_event *events, int capacity, int64_t nanoseconds);

static inline int ct_poll_descriptor(const struct epoll_event *event) {
    return event->data.fd;
}

// Asks the kernel not to delay this thread's timers for the sake of saving power.
void ct_poll_set_timer_slack(uint64_t nanoseconds);

// Makes a descriptor that one thread writes to and another polls. Returns it, or -1 with errno.
int ct_event_descriptor(void);

// Keeps the calling thread, and the threads that it starts later, on one core. Returns 0, or -1 with errno.
int ct_stay_on_core(int core);

// Counts the cores that the calling thread may run on.
int ct_usable_cores(void);

// Gives memory that was freed back to the system, which the allocator otherwise keeps for the thread that used it.
void ct_give_back_memory(void);
