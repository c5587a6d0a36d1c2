#define _GNU_SOURCE
#include "socket_stamps.h"

#include "event_ends.h"
#include "tcp_arrivals.h"

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { WATCHED_LIMIT = 1 << 16 };

// How many segments the bytes came in that wait in a socket. Events that came in one segment bear its stamp for certain,
// while a stamp that several segments share may be that of the last.
typedef struct {
    uint64_t taken;        // bytes that were read so far
    int is_known;          // whether all that had arrived by `data_segments` has been read
    uint32_t data_segments;
    uint64_t single_until; // up to this byte all came in one segment, whose stamp is the next
    int64_t single_stamp;
} segment_count;

// A descriptor is used by one thread at a time, so only the mode, which other threads' sends may look at, is atomic.
typedef struct {
    _Atomic int mode;
    event_place place;
    segment_count segments;
    int pending_error; // that a look has met
    int64_t seen_empty_ns;
    int64_t emptied_ns;
    ct_read_stamp latest_read;
} watched_socket;

static watched_socket watched[WATCHED_LIMIT];
static _Thread_local uint32_t read_count;
static _Thread_local ct_send_stamp *armed_send;

static int64_t read_clock(clockid_t clock) {
    struct timespec time;
    clock_gettime(clock, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static watched_socket *find_watched(int descriptor) {
    if (descriptor < 0 || descriptor >= WATCHED_LIMIT) return NULL;
    watched_socket *socket = &watched[descriptor];
    return atomic_load_explicit(&socket->mode, memory_order_relaxed) ? socket : NULL;
}

static void emptied(watched_socket *socket, int64_t instant) {
    socket->emptied_ns = instant;
    if (socket->seen_empty_ns < instant) socket->seen_empty_ns = instant;
}

int ct_watch_socket(int descriptor, int mode) {
    if (descriptor < 0 || descriptor >= WATCHED_LIMIT) return -1;
    int on = 1;
    int result = setsockopt(descriptor, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
    watched[descriptor].place = (event_place){0};
    // Nothing has arrived before the connection stands.
    watched[descriptor].segments = (segment_count){.is_known = 1};
    watched[descriptor].pending_error = 0;
    emptied(&watched[descriptor], read_clock(CLOCK_MONOTONIC));
    watched[descriptor].latest_read = (ct_read_stamp){0};
    atomic_store_explicit(&watched[descriptor].mode, mode, memory_order_relaxed);
    return result;
}

void ct_forget_socket(int descriptor) {
    if (descriptor < 0 || descriptor >= WATCHED_LIMIT) return;
    atomic_store_explicit(&watched[descriptor].mode, 0, memory_order_relaxed);
}

void ct_saw_empty(int descriptor, int64_t instant_ns) {
    watched_socket *socket = find_watched(descriptor);
    if (socket && socket->seen_empty_ns < instant_ns) socket->seen_empty_ns = instant_ns;
}

ct_read_stamp ct_latest_read(int descriptor) {
    watched_socket *socket = find_watched(descriptor);
    return socket ? socket->latest_read : (ct_read_stamp){0};
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
        int64_t before = read_clock(CLOCK_MONOTONIC);
        int64_t real = read_clock(CLOCK_REALTIME);
        int64_t after = read_clock(CLOCK_MONOTONIC);
        if (after - before >= best_width) continue;
        best_width = after - before;
        best_offset = before + (after - before) / 2 - real;
    }
    *width_ns = best_width;
    return best_offset;
}

static int64_t kernel_stamp(struct msghdr *message) {
    for (struct cmsghdr *part = CMSG_FIRSTHDR(message); part; part = CMSG_NXTHDR(message, part)) {
        if (part->cmsg_level != SOL_SOCKET || part->cmsg_type != SCM_TIMESTAMPNS) continue;
        struct timespec time;
        memcpy(&time, CMSG_DATA(part), sizeof time);
        return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
    }
    return 0;
}

// Receives with the stamp of the last segment that the call touched.
static ssize_t receive_stamped(int descriptor, struct iovec *parts, size_t part_count, int flags, int64_t *stamp) {
    char control[128];
    struct msghdr message = {
        .msg_iov = parts, .msg_iovlen = part_count, .msg_control = control, .msg_controllen = sizeof control};
    ssize_t count = recvmsg(descriptor, &message, flags);
    *stamp = count > 0 ? kernel_stamp(&message) : 0;
    return count;
}

static ssize_t receive_unstamped(int descriptor, void *buffer, size_t length, int flags) {
    return syscall(SYS_recvfrom, descriptor, buffer, length, flags, NULL, NULL);
}

static ssize_t found_nothing(watched_socket *socket, ssize_t result, int64_t before) {
    if (result < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) emptied(socket, before);
    return result;
}

static void publish(watched_socket *socket, const char *buffer, ssize_t count, int64_t kernel, int may_be_merged) {
    socket->place.last_byte = buffer[count - 1];
    socket->latest_read = (ct_read_stamp){
        .kernel_ns = kernel,
        .seen_empty_ns = socket->seen_empty_ns,
        .emptied_ns = socket->emptied_ns,
        .may_be_merged = may_be_merged || socket->place.response_part == LOST,
        .sequence = ++read_count == 0 ? ++read_count : read_count,
    };
}

// Looks at what waits. The kernel tells an error once, so that one met here is kept for the read.
static ssize_t look(watched_socket *socket, int descriptor, void *buffer, size_t length, int flags) {
    ssize_t count = receive_unstamped(descriptor, buffer, length, flags | MSG_PEEK);
    if (count < 0 && errno != EAGAIN && errno != EWOULDBLOCK && errno != EINTR) socket->pending_error = errno;
    return count;
}

// The peer's FIN is merged into waiting data like any segment, and carries no byte that could be looked at.
static int has_hung_up(watched_socket *socket, int descriptor) {
    char next_byte;
    return look(socket, descriptor, &next_byte, 1, MSG_DONTWAIT) == 0;
}

// Whether the bytes just read came in the one segment that has arrived since the socket was empty.
static int came_alone(watched_socket *socket, int descriptor, int64_t kernel) {
    segment_count *segments = &socket->segments;
    if (kernel == segments->single_stamp && segments->taken <= segments->single_until) return 1;
    if (!segments->is_known) return 0;
    // Counted after the read, so that a segment which came meanwhile makes one too many, and never one too few.
    tcp_arrivals arrivals = count_arrivals(descriptor);
    if (!arrivals.is_known || !arrivals.is_open || arrivals.data_segments - segments->data_segments != 1) return 0;
    segments->single_until = arrivals.bytes;
    segments->single_stamp = kernel;
    return 1;
}

static void publish_first(
    watched_socket *socket, int descriptor, const char *buffer, ssize_t count, int64_t kernel, int64_t latest) {
    socket->segments.taken += (uint64_t)count;
    publish(socket, buffer, count, kernel, latest <= kernel && !came_alone(socket, descriptor, kernel));
}

static void publish_last(
    watched_socket *socket, int descriptor, const char *buffer, ssize_t count, int64_t kernel, int64_t before) {
    segment_count *segments = &socket->segments;
    segments->taken += (uint64_t)count;
    tcp_arrivals arrivals = count_arrivals(descriptor);
    // What arrived after the read is counted, but not read: then it is not known when the next segments began.
    segments->is_known = arrivals.is_known && arrivals.bytes == segments->taken;
    segments->data_segments = arrivals.data_segments;
    publish(
        socket, buffer, count, kernel, arrivals.is_known ? !arrivals.is_open : has_hung_up(socket, descriptor));
    // What was not there at `before` arrived after it.
    emptied(socket, before);
}

// Receives up to `length` bytes. The kernel may merge waiting segments, and a merged one has the newest stamp: where the
// byte behind those read is in the same segment, the stamp may be that byte's.
static ssize_t receive_exactly(watched_socket *socket, int descriptor, void *buffer, size_t length, int flags) {
    char next_byte;
    struct iovec parts[2] = {{.iov_base = buffer, .iov_len = length}, {.iov_base = &next_byte, .iov_len = 1}};
    int64_t before = read_clock(CLOCK_MONOTONIC), latest, kernel;
    // Looked at before the bytes are taken: what is merged in between makes the read's stamp the later of the two, so
    // that only another segment's can be later than the read's.
    ssize_t held = receive_stamped(descriptor, parts, 2, flags | MSG_PEEK, &latest);
    if (held <= 0) return found_nothing(socket, held, before);
    int is_more = (size_t)held > length;
    if (!is_more) parts[0].iov_len = (size_t)held;
    ssize_t count = receive_stamped(descriptor, parts, 1, flags, &kernel);
    if (count <= 0) return count;
    if (is_more) publish_first(socket, descriptor, buffer, count, kernel, latest);
    else publish_last(socket, descriptor, buffer, count, latest, before);
    return count;
}

static size_t first_end(event_place *place, int mode, const void *bytes, size_t length) {
    switch (mode) {
    case CT_SOCKET_FRAMES: return end_of_frame(place, bytes, length);
    case CT_SOCKET_LINES: return end_of_line(place, bytes, length);
    case CT_SOCKET_MESSAGES: return end_of_message(place, bytes, length);
    default: return end_of_event(place, bytes, length);
    }
}

static ssize_t receive_one_event(watched_socket *socket, int descriptor, void *buffer, size_t length, int flags, int mode) {
    struct iovec part = {.iov_base = buffer, .iov_len = length};
    int64_t before = read_clock(CLOCK_MONOTONIC), kernel;
    ssize_t held = receive_stamped(descriptor, &part, 1, flags | MSG_PEEK, &kernel);
    if (held <= 0) return found_nothing(socket, held, before);
    size_t cut = first_end(&socket->place, mode, buffer, (size_t)held);
    if (cut < (size_t)held || (size_t)held == length) return receive_exactly(socket, descriptor, buffer, cut, flags);
    // All of it is in the buffer already: MSG_TRUNC drops it from the queue uncopied.
    ssize_t count = receive_unstamped(descriptor, buffer, cut, flags | MSG_TRUNC);
    if (count > 0) publish_last(socket, descriptor, buffer, count, kernel, before);
    return count;
}

ssize_t recv(int descriptor, void *buffer, size_t length, int flags) {
    watched_socket *socket = find_watched(descriptor);
    if (!socket || length == 0) return receive_unstamped(descriptor, buffer, length, flags);
    if (socket->pending_error) {
        errno = socket->pending_error;
        if (!(flags & MSG_PEEK)) socket->pending_error = 0;
        return -1;
    }
    // libcurl peeks to find out whether an idle connection still stands.
    if (flags & MSG_PEEK) return look(socket, descriptor, buffer, length, flags);
    int mode = atomic_load_explicit(&socket->mode, memory_order_relaxed);
    if (mode == CT_SOCKET_RECORDS) return receive_exactly(socket, descriptor, buffer, length, flags);
    return receive_one_event(socket, descriptor, buffer, length, flags, mode);
}

static int is_http_1_in_the_clear(int mode) {
    return mode == CT_SOCKET_PLAIN || mode == CT_SOCKET_LINES || mode == CT_SOCKET_MESSAGES;
}

// Whether a server has spoken, or hung up, on a connection that was waiting for its next request. What it said belongs to
// no request: a 408 of a server that is tired of waiting would be taken for the answer.
static int is_spoiled(watched_socket *socket, int descriptor) {
    if (!is_http_1_in_the_clear(atomic_load_explicit(&socket->mode, memory_order_relaxed))) return 0;
    if (socket->segments.taken == 0) return 0; // its first request; a server may refuse a connection at once
    char next_byte;
    return look(socket, descriptor, &next_byte, 1, MSG_DONTWAIT) >= 0 || socket->pending_error;
}

// Before its request an idle connection holds nothing. It may have been opened for a request whose events end otherwise.
static void begin_response(watched_socket *socket, int mode, int64_t now) {
    if (!is_http_1_in_the_clear(atomic_load_explicit(&socket->mode, memory_order_relaxed))) return;
    emptied(socket, now);
    socket->place.response_part = IN_HEAD;
    if (is_http_1_in_the_clear(mode)) atomic_store_explicit(&socket->mode, mode, memory_order_relaxed);
}

ssize_t send(int descriptor, const void *buffer, size_t length, int flags) {
    ct_send_stamp *stamp = armed_send;
    if (stamp) {
        armed_send = NULL;
        watched_socket *socket = find_watched(descriptor);
        if (socket && is_spoiled(socket, descriptor)) {
            // A connection that fails like this before its request is given up, and the request goes out over another one.
            errno = EPIPE;
            return -1;
        }
        int64_t now = read_clock(CLOCK_MONOTONIC);
        stamp->send_ns = now;
        stamp->count++;
        stamp->descriptor = descriptor;
        if (socket) begin_response(socket, stamp->mode, now);
    }
    return syscall(SYS_sendto, descriptor, buffer, length, flags, NULL, 0);
}
