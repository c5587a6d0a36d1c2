#define _GNU_SOURCE
#include <sys/epoll.h>
#include <sys/prctl.h>

#include "../monotonic_clock.h"
#include "server.h"
#include "settings.h"

/* Sockets are looked at after this many sends, so that a burst does not keep new requests waiting. */
enum { MOST_SENDS_IN_A_ROW = 512, SENDS_PER_CLOCK_READING = 16, EVENTS_PER_WAKE = 512 };

static void send_all_due(struct event_loop *loop) {
    uint64_t now = monotonic_nanoseconds();
    for (int sends = 1; sends <= MOST_SENDS_IN_A_ROW; sends++) {
        if (loop->heap_count == 0 || loop->heap[0]->due_ns > now) return;
        send_due(loop, loop->heap[0]);
        if (sends % SENDS_PER_CLOCK_READING == 0) now = monotonic_nanoseconds();
    }
}

/* How long nothing is due. A loop without streams has time to write its log. */
static struct timespec time_to_wait(struct event_loop *loop) {
    if (loop->heap_count == 0) {
        flush_truth_log(loop);
        return (struct timespec){.tv_sec = 1};
    }
    uint64_t now = monotonic_nanoseconds();
    uint64_t due = loop->heap[0]->due_ns;
    uint64_t wait = due > now ? due - now : 0;
    if (wait <= settings.spin_ns) wait = 0;
    return (struct timespec){
        .tv_sec = (time_t)(wait / NANOSECONDS_PER_SECOND), .tv_nsec = (long)(wait % NANOSECONDS_PER_SECOND)};
}

static void handle(struct event_loop *loop, struct connection *connection, uint32_t events) {
    if (connection->is_dead) return;
    if (events & EPOLLIN) {
        if (receive_bytes(loop, connection)) return;
        if (connection->phase == IDLE) take_requests(loop, connection);
    }
    if (!connection->is_dead && (events & (EPOLLERR | EPOLLHUP | EPOLLRDHUP))) drop(loop, connection);
    if (!connection->is_dead && (events & EPOLLOUT)) send_queued(loop, connection);
}

void *run_event_loop(void *argument) {
    struct event_loop *loop = argument;
    struct epoll_event events[EVENTS_PER_WAKE];
    prctl(PR_SET_TIMERSLACK, 1); /* the default of 50 us would stand in every send's lateness */
    while (!stopping) {
        send_all_due(loop);
        struct timespec wait = time_to_wait(loop);
        int count = epoll_pwait2(loop->epoll, events, EVENTS_PER_WAKE, &wait, NULL);
        for (int index = 0; index < count; index++) {
            struct connection *connection = events[index].data.ptr;
            if (connection) {
                handle(loop, connection, events[index].events);
            } else {
                accept_connections(loop);
            }
        }
        free_dropped(loop);
    }
    while (loop->heap_count) {
        end_exchange(loop, loop->heap[loop->heap_count - 1], "disconnected", monotonic_nanoseconds());
    }
    flush_truth_log(loop);
    return NULL;
}
