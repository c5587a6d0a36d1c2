#define _GNU_SOURCE
#include "socket_stamps.h"

#include <errno.h>
#include <stdatomic.h>
#include <stddef.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

enum { WATCHED_LIMIT = 1 << 16, SMALLEST_LADDER_READ = 64 };

// A descriptor is used by one thread at a time, so only the mode, which other threads' sends may look at, is atomic.
typedef struct {
    _Atomic int mode;
    int64_t seen_empty_ns;
} watched_socket;

static watched_socket watched[WATCHED_LIMIT];
static _Thread_local ct_read_stamp latest_read;
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

int ct_watch_socket(int descriptor, int mode) {
    if (descriptor < 0 || descriptor >= WATCHED_LIMIT) return -1;
    int on = 1;
    int result = setsockopt(descriptor, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
    watched[descriptor].seen_empty_ns = read_clock(CLOCK_MONOTONIC);
    atomic_store_explicit(&watched[descriptor].mode, mode, memory_order_relaxed);
    return result;
}

void ct_forget_socket(int descriptor) {
    if (descriptor < 0 || descriptor >= WATCHED_LIMIT) return;
    atomic_store_explicit(&watched[descriptor].mode, 0, memory_order_relaxed);
}

ct_read_stamp ct_latest_read(void) {
    return latest_read;
}

void ct_arm_send(ct_send_stamp *stamp) {
    armed_send = stamp;
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
static ssize_t receive_stamped(int descriptor, void *buffer, size_t length, int flags, int64_t *stamp) {
    char control[128];
    struct iovec vector = {.iov_base = buffer, .iov_len = length};
    struct msghdr message = {
        .msg_iov = &vector, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    ssize_t count = recvmsg(descriptor, &message, flags);
    *stamp = count > 0 ? kernel_stamp(&message) : 0;
    return count;
}

static ssize_t receive_unstamped(int descriptor, void *buffer, size_t length, int flags) {
    return syscall(SYS_recvfrom, descriptor, buffer, length, flags, NULL, NULL);
}

// Finds where a read should end: after the first blank line (LF, CRLF or CR), which ends an event or a response head,
// and after the HTTP chunk framing that follows it. A cut in a wrong place costs a read and harms no stamp.
static size_t end_of_first_event(const char *bytes, size_t length) {
    const char *end = bytes + length, *cut = end;
    for (const char *line = bytes; (line = memchr(line, '\n', (size_t)(end - line))); line++) {
        if (line + 1 < end && line[1] == '\n') {
            cut = line + 2;
            break;
        }
        if (line + 2 < end && line[1] == '\r' && line[2] == '\n') {
            cut = line + 3;
            break;
        }
    }
    for (const char *line = bytes; (line = memchr(line, '\r', (size_t)(cut - line))); line++) {
        if (line + 1 < cut && line[1] == '\r') {
            cut = line + 2;
            break;
        }
    }
    if (end - cut >= 2 && cut[0] == '\r' && cut[1] == '\n') cut += 2;
    if (end - cut >= 5 && memcmp(cut, "0\r\n\r\n", 5) == 0) cut += 5;
    return (size_t)(cut - bytes);
}

// What a socket holds beyond the bytes that were just read.
typedef enum { NOTHING_BEYOND, OTHER_SEGMENT_BEYOND, SAME_SEGMENT_BEYOND } beyond;

// Looks at the next byte's stamp. The kernel may merge waiting segments, and a merged one has the newest stamp; but a next
// byte with another stamp is in another segment, so that the read's last segment ends where the read does.
static beyond look_beyond(int descriptor, int64_t kernel) {
    char next_byte;
    int64_t next_kernel;
    if (receive_stamped(descriptor, &next_byte, 1, MSG_PEEK | MSG_DONTWAIT, &next_kernel) <= 0) return NOTHING_BEYOND;
    return next_kernel != 0 && next_kernel != kernel ? OTHER_SEGMENT_BEYOND : SAME_SEGMENT_BEYOND;
}

static void publish(watched_socket *socket, int64_t before, int64_t kernel, beyond rest) {
    latest_read = (ct_read_stamp){
        .kernel_ns = kernel,
        .seen_empty_ns = socket->seen_empty_ns,
        .may_be_merged = rest == SAME_SEGMENT_BEYOND,
        .sequence = latest_read.sequence + 1,
    };
    // What was not there at `before` arrived after it.
    if (rest == NOTHING_BEYOND) socket->seen_empty_ns = before;
}

static ssize_t receive_one_event(watched_socket *socket, int descriptor, void *buffer, size_t length, int flags) {
    int64_t before = read_clock(CLOCK_MONOTONIC), kernel;
    ssize_t held = receive_stamped(descriptor, buffer, length, flags | MSG_PEEK, &kernel);
    if (held <= 0) {
        if (held < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) socket->seen_empty_ns = before;
        return held;
    }
    size_t cut = end_of_first_event(buffer, (size_t)held);
    // Where all of it is wanted the bytes are in the buffer already: MSG_TRUNC drops them from the queue uncopied.
    ssize_t count = cut == (size_t)held ? receive_unstamped(descriptor, buffer, cut, flags | MSG_TRUNC)
                                        : receive_stamped(descriptor, buffer, cut, flags, &kernel);
    if (count <= 0) return count;
    int was_emptied = cut == (size_t)held && (size_t)held < length;
    publish(socket, before, kernel, was_emptied ? NOTHING_BEYOND : look_beyond(descriptor, kernel));
    return count;
}

static ssize_t receive_record(watched_socket *socket, int descriptor, void *buffer, size_t length, int flags) {
    int64_t before = read_clock(CLOCK_MONOTONIC), kernel;
    ssize_t count = receive_stamped(descriptor, buffer, length, flags, &kernel);
    if (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) socket->seen_empty_ns = before;
    if (count > 0) publish(socket, before, kernel, look_beyond(descriptor, kernel));
    return count;
}

ssize_t recv(int descriptor, void *buffer, size_t length, int flags) {
    watched_socket *socket = find_watched(descriptor);
    if (!socket) return receive_unstamped(descriptor, buffer, length, flags);
    int mode = atomic_load_explicit(&socket->mode, memory_order_relaxed);
    if (mode == CT_SOCKET_RECORDS || length < SMALLEST_LADDER_READ)
        return receive_record(socket, descriptor, buffer, length, flags);
    return receive_one_event(socket, descriptor, buffer, length, flags);
}

ssize_t send(int descriptor, const void *buffer, size_t length, int flags) {
    ct_send_stamp *stamp = armed_send;
    if (stamp) {
        armed_send = NULL;
        int64_t now = read_clock(CLOCK_MONOTONIC);
        if (stamp->first_send_ns == 0) stamp->first_send_ns = now;
        stamp->count++;
        // Before its request an idle connection holds nothing.
        watched_socket *socket = find_watched(descriptor);
        if (socket && atomic_load_explicit(&socket->mode, memory_order_relaxed) == CT_SOCKET_PLAIN)
            socket->seen_empty_ns = now;
    }
    return syscall(SYS_sendto, descriptor, buffer, length, flags, NULL, 0);
}
