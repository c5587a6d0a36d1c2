#define _GNU_SOURCE
#include "event_ends.h"
#include "tcp_arrivals.h"
#include "watched_socket.h"

#include <errno.h>
#include <poll.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <unistd.h>

static _Thread_local uint32_t read_count;
// The reads up to this one have been delivered.
static _Thread_local uint32_t delivered_count;
static _Thread_local int is_in_action;
// The socket that this call of libcurl read last, of those read event by event or whole; -1 where it read none. And whether
// the read left something in it.
static _Thread_local int read_descriptor = -1;
static _Thread_local int is_more_left;

void ct_begin_action(void) {
    is_in_action = 1;
    read_descriptor = -1;
}

void ct_end_action(void) {
    is_in_action = 0;
}

void ct_delivered_all(void) {
    delivered_count = read_count;
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

static ssize_t found_nothing(watched_socket *socket, ssize_t result, int64_t before) {
    if (result < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) ct_emptied(socket, before);
    return result;
}

// Sequences are compared as distances, since they start over after four billion.
static int is_delivered(const ct_read_stamp *read) {
    return read->sequence == 0 || (int32_t)(read->sequence - delivered_count) <= 0;
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
    if (is_delivered(&socket->oldest_read)) socket->oldest_read = socket->latest_read;
}

// The peer's FIN is merged into waiting data like any segment, and carries no byte that could be looked at.
static int has_hung_up(watched_socket *socket, int descriptor) {
    char next_byte;
    return ct_look(socket, descriptor, &next_byte, 1, MSG_DONTWAIT) == 0;
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
    ct_emptied(socket, before);
}

// Receives up to `length` bytes. The kernel may merge waiting segments, and a merged one has the newest stamp: where the
// byte behind those read is in the same segment, the stamp may be that byte's.
static ssize_t receive_exactly(watched_socket *socket, int descriptor, void *buffer, size_t length, int flags) {
    char next_byte;
    struct iovec parts[2] = {{.iov_base = buffer, .iov_len = length}, {.iov_base = &next_byte, .iov_len = 1}};
    int64_t before = ct_read_clock(CLOCK_MONOTONIC), latest, kernel;
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

static void noted_rest(int descriptor, int is_more) {
    read_descriptor = descriptor;
    is_more_left = is_more;
}

// Receives as the C library would, and notes since when nothing of it can have waited.
static ssize_t receive_whole(watched_socket *socket, int descriptor, void *buffer, size_t length, int flags) {
    int64_t before = ct_read_clock(CLOCK_MONOTONIC);
    ssize_t count = ct_receive_unstamped(descriptor, buffer, length, flags);
    if (count <= 0) return found_nothing(socket, count, before);
    socket->segments.taken += (uint64_t)count;
    publish(socket, buffer, count, 0, 1);
    int is_more = (size_t)count == length;
    if (!is_more) ct_emptied(socket, before);
    noted_rest(descriptor, is_more);
    return count;
}

// Whether the end of an event can be told before the events ahead of it are read.
static int may_be_batched(int mode) {
    return mode == CT_SOCKET_PLAIN || mode == CT_SOCKET_LINES;
}

// Finds the ends of the events behind one that is about to be read, so that one look serves all that wait together.
static void note_batch(watched_socket *socket, int mode, const char *bytes, size_t length) {
    event_batch *batch = &socket->batch;
    event_place *place = &socket->place;
    batch->next = batch->count = 0;
    while (length > 0 && batch->count < BATCH_LIMIT) {
        event_place before = *place;
        place->last_byte = bytes[-1];
        size_t cut = first_end(place, mode, bytes, length);
        if (cut == length || cut > UINT16_MAX) {
            *place = before;
            return;
        }
        batch->lengths[batch->count++] = (uint16_t)cut;
        bytes += cut;
        length -= cut;
    }
}

static ssize_t receive_batched(watched_socket *socket, int descriptor, void *buffer, size_t length, int flags) {
    event_batch *batch = &socket->batch;
    size_t left = batch->lengths[batch->next];
    ssize_t count = receive_exactly(socket, descriptor, buffer, left < length ? left : length, flags);
    if (count <= 0) return count;
    batch->lengths[batch->next] -= (uint16_t)count;
    if (batch->lengths[batch->next] == 0) batch->next++;
    noted_rest(descriptor, 1);
    return count;
}

static ssize_t receive_one_event(watched_socket *socket, int descriptor, void *buffer, size_t length, int flags, int mode) {
    if (socket->batch.next < socket->batch.count) return receive_batched(socket, descriptor, buffer, length, flags);
    struct iovec part = {.iov_base = buffer, .iov_len = length};
    int64_t before = ct_read_clock(CLOCK_MONOTONIC), kernel;
    ssize_t held = receive_stamped(descriptor, &part, 1, flags | MSG_PEEK, &kernel);
    if (held <= 0) return found_nothing(socket, held, before);
    size_t cut = first_end(&socket->place, mode, buffer, (size_t)held);
    noted_rest(descriptor, cut < (size_t)held || (size_t)held == length);
    if (is_more_left) {
        if (may_be_batched(mode)) note_batch(socket, mode, (const char *)buffer + cut, (size_t)held - cut);
        return receive_exactly(socket, descriptor, buffer, cut, flags);
    }
    // All of it is in the buffer already: MSG_TRUNC drops it from the queue uncopied.
    ssize_t count = ct_receive_unstamped(descriptor, buffer, cut, flags | MSG_TRUNC);
    if (count > 0) publish_last(socket, descriptor, buffer, count, kernel, before);
    return count;
}

ssize_t recv(int descriptor, void *buffer, size_t length, int flags) {
    watched_socket *socket = ct_find_watched(descriptor);
    if (!socket || length == 0) return ct_receive_unstamped(descriptor, buffer, length, flags);
    if (socket->pending_error) {
        errno = socket->pending_error;
        if (!(flags & MSG_PEEK)) socket->pending_error = 0;
        return -1;
    }
    // libcurl peeks to find out whether an idle connection still stands.
    if (flags & MSG_PEEK) return ct_look(socket, descriptor, buffer, length, flags);
    int mode = atomic_load_explicit(&socket->mode, memory_order_relaxed);
    if (mode == CT_SOCKET_WHOLE) return receive_whole(socket, descriptor, buffer, length, flags);
    if (mode == CT_SOCKET_RECORDS) return receive_exactly(socket, descriptor, buffer, length, flags);
    return receive_one_event(socket, descriptor, buffer, length, flags, mode);
}

// libcurl serves a socket twice in one call, once for the event that it was told of and once for a timer that it set for
// this event, and asks before the second time whether something is there. The read has just told.
int poll(struct pollfd *descriptors, nfds_t count, int milliseconds) {
    int asks_for_more = count == 1 && milliseconds == 0 && !(descriptors->events & POLLOUT);
    if (is_in_action && asks_for_more && descriptors->fd >= 0 && descriptors->fd == read_descriptor) {
        descriptors->revents = is_more_left ? descriptors->events & (POLLIN | POLLRDNORM) : 0;
        return descriptors->revents != 0;
    }
    struct timespec wait = {.tv_sec = milliseconds / 1000, .tv_nsec = milliseconds % 1000 * 1000000};
    return (int)syscall(SYS_ppoll, descriptors, count, milliseconds < 0 ? NULL : &wait, NULL, 0);
}
