#define _GNU_SOURCE
#include "watched_socket.h"

#include <errno.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { WATCHED_LIMIT = 1 << 16 };

static watched_socket watched[WATCHED_LIMIT];
static _Thread_local ct_send_stamp *armed_send;

int64_t ct_read_clock(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

watched_socket *ct_find_watched(int descriptor) {
    if (descriptor < 0 || descriptor >= WATCHED_LIMIT) return NULL;
    watched_socket *socket = &watched[descriptor];
    return atomic_load_explicit(&socket->mode, memory_order_relaxed) ? socket : NULL;
}

void ct_emptied(watched_socket *socket, int64_t instant) {
    socket->emptied_ns = instant;
    if (socket->seen_empty_ns < instant) socket->seen_empty_ns = instant;
}

int ct_watch_socket(int descriptor, int mode) {
    if (descriptor < 0 || descriptor >= WATCHED_LIMIT) return -1;
    int on = 1;
    int result = mode == CT_SOCKET_WHOLE ? 0 : setsockopt(descriptor, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
    watched[descriptor].place = (event_place){0};
    watched[descriptor].batch = (event_batch){0};
    // Nothing has arrived before the connection stands.
    watched[descriptor].segments = (segment_count){.is_known = 1};
    watched[descriptor].pending_error = 0;
    ct_emptied(&watched[descriptor], ct_read_clock(CLOCK_MONOTONIC));
    watched[descriptor].latest_read = watched[descriptor].oldest_read = (ct_read_stamp){0};
    atomic_store_explicit(&watched[descriptor].mode, mode, memory_order_relaxed);
    return result;
}

void ct_forget_socket(int descriptor) {
    if (descriptor < 0 || descriptor >= WATCHED_LIMIT) return;
    atomic_store_explicit(&watched[descriptor].mode, 0, memory_order_relaxed);
}

void ct_saw_empty(int descriptor, int64_t instant_ns) {
    watched_socket *socket = ct_find_watched(descriptor);
    if (socket && socket->seen_empty_ns < instant_ns) socket->seen_empty_ns = instant_ns;
}

ct_read_stamp ct_latest_read(int descriptor) {
    watched_socket *socket = ct_find_watched(descriptor);
    return socket ? socket->latest_read : (ct_read_stamp){0};
}

ct_read_stamp ct_oldest_read(int descriptor) {
    watched_socket *socket = ct_find_watched(descriptor);
    return socket ? socket->oldest_read : (ct_read_stamp){0};
}

void ct_arm_send(ct_send_stamp *stamp) {
    armed_send = stamp;
}

void ct_disarm_send(const ct_send_stamp *stamp) {
    if (armed_send == stamp) armed_send = NULL;
}

int64_t ct_monotonic_minus_realtime(int attempts, int64_t *width_ns) {
    int64_t best_width = INT64_MAX, best_offset = 0;
    for (int attempt = 0; attempt < attempts; attempt++) {
        int64_t before = ct_read_clock(CLOCK_MONOTONIC);
        int64_t real = ct_read_clock(CLOCK_REALTIME);
        int64_t after = ct_read_clock(CLOCK_MONOTONIC);
        if (after - before >= best_width) continue;
        best_width = after - before;
        best_offset = before + (after - before) / 2 - real;
    }
    *width_ns = best_width;
    return best_offset;
}

ssize_t ct_receive_unstamped(int descriptor, void *buffer, size_t length, int flags) {
    return syscall(SYS_recvfrom, descriptor, buffer, length, flags, NULL, NULL);
}

ssize_t ct_look(watched_socket *socket, int descriptor, void *buffer, size_t length, int flags) {
    ssize_t count = ct_receive_unstamped(descriptor, buffer, length, flags | MSG_PEEK);
    if (count < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) socket->pending_error = errno;
    return count;
}

int ct_is_http_1_in_the_clear(int mode) {
    return mode == CT_SOCKET_PLAIN || mode == CT_SOCKET_LINES || mode == CT_SOCKET_MESSAGES || mode == CT_SOCKET_WHOLE;
}

// Whether a server has spoken, or hung up, on a connection that was waiting for its next request. What it said belongs to
// no request: a 408 of a server that is tired of waiting would be taken for the answer.
static int is_spoiled(watched_socket *socket, int descriptor) {
    if (!ct_is_http_1_in_the_clear(atomic_load_explicit(&socket->mode, memory_order_relaxed))) return 0;
    if (socket->segments.taken == 0) return 0; // its first request; a server may refuse a connection at once
    char next_byte;
    return ct_look(socket, descriptor, &next_byte, 1, MSG_DONTWAIT) >= 0 || socket->pending_error;
}

// Before its request an idle connection holds nothing. It may have been opened for a request whose events end otherwise.
static void begin_response(watched_socket *socket, int mode, int64_t now) {
    if (!ct_is_http_1_in_the_clear(atomic_load_explicit(&socket->mode, memory_order_relaxed))) return;
    ct_emptied(socket, now);
    socket->batch = (event_batch){0};
    socket->place.response_part = IN_HEAD;
    if (ct_is_http_1_in_the_clear(mode)) atomic_store_explicit(&socket->mode, mode, memory_order_relaxed);
}

ssize_t send(int descriptor, const void *buffer, size_t length, int flags) {
    ct_send_stamp *stamp = armed_send;
    if (stamp) {
        armed_send = NULL;
        watched_socket *socket = ct_find_watched(descriptor);
        if (socket && is_spoiled(socket, descriptor)) {
            // A connection that fails like this before its request is given up, and the request goes out over another one.
            errno = EPIPE;
            return -1;
        }
        int64_t now = ct_read_clock(CLOCK_MONOTONIC);
        stamp->send_ns = now;
        stamp->count++;
        stamp->descriptor = descriptor;
        if (socket) begin_response(socket, stamp->mode, now);
    }
    return syscall(SYS_sendto, descriptor, buffer, length, flags, NULL, 0);
}
