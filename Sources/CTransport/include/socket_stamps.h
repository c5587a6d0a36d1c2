#pragma once
#include <stdint.h>

// Instants of sends and receives, taken under libcurl: the program defines send(), recv() and poll(), to which libcurl binds
// because the linker exports what a shared library on the link line refers to. Only sockets that were watched are
// treated differently from the C library's functions.

// How a socket is read.
enum {
    CT_SOCKET_PLAIN = 1,    // HTTP/1.1 in the clear: one server-sent event per read, so that each has a stamp of its own
    CT_SOCKET_FRAMES = 2,   // HTTP/2 in the clear: one frame per read
    CT_SOCKET_RECORDS = 3,  // TLS: the library reads one record at a time itself
    CT_SOCKET_LINES = 4,    // HTTP/1.1 in the clear: one line with a JSON object per read
    CT_SOCKET_MESSAGES = 5, // HTTP/1.1 in the clear: one message of an AWS event stream per read
    CT_SOCKET_WHOLE = 6,    // HTTP/1.1 in the clear: all that waits per read, without a stamp, which nobody asks for
};

// What is known of a socket's latest read.
typedef struct {
    int64_t kernel_ns;      // CLOCK_REALTIME stamp of the last segment that the read touched; 0 where there is none
    int64_t seen_empty_ns;  // CLOCK_MONOTONIC: the last instant at which the socket was seen empty before this read
    int64_t emptied_ns;     // the last such instant that a read or the request's send told, whatever looks told since
    uint32_t may_be_merged; // 1 where the stamp may be that of data beyond the end of this read
    uint32_t sequence;      // counts the reads of this thread from 1; 0 where there was none
} ct_read_stamp;

// Where the instant goes at which a request was last begun to be sent.
typedef struct {
    int64_t send_ns;        // CLOCK_MONOTONIC, just before the first byte went to a socket, the last time it did; 0 before
    uint32_t count;         // how often the request was begun to be sent
    int32_t descriptor;     // the socket it was sent to, the last one where there were several
    int32_t mode;           // how the response is to be read, where that differs from how the socket was opened; or 0
} ct_send_stamp;

// Starts stamping a socket; `mode` is one of the constants above. Returns 0, or -1 where the kernel refuses stamps.
int ct_watch_socket(int descriptor, int mode);

// Forgets a socket; to be called before its descriptor is closed.
void ct_forget_socket(int descriptor);

// Tells that a socket held nothing to be read at an instant of CLOCK_MONOTONIC; an earlier one than is known is no news.
void ct_saw_empty(int descriptor, int64_t instant_ns);

// Reads the stamp of a socket's latest read; all zeros where the socket is not watched.
ct_read_stamp ct_latest_read(int descriptor);

// Reads the stamp of a socket's first read since everything that was read before had been delivered, as far as this thread has
// told; with one stream on a connection nobody needs it.
ct_read_stamp ct_oldest_read(int descriptor);

// Tells that libcurl holds nothing back of what this thread has read.
void ct_delivered_all(void);

// Between these libcurl serves sockets that it was told of: there a poll() knows what the latest read has left in its socket.
void ct_begin_action(void);
void ct_end_action(void);

// Makes the next send() of this thread leave its instant in `stamp`.
void ct_arm_send(ct_send_stamp *stamp);

// Forgets `stamp` where no send() has used it; to be called before it goes away.
void ct_disarm_send(const ct_send_stamp *stamp);

// Reads CLOCK_MONOTONIC minus CLOCK_REALTIME from the narrowest of `attempts` sandwiches, whose width goes to `width_ns`.
int64_t ct_monotonic_minus_realtime(int attempts, int64_t *width_ns);
