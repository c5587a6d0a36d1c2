#pragma once
#include "event_ends.h"
#include "socket_stamps.h"

#include <stdatomic.h>
#include <stdint.h>
#include <sys/types.h>
#include <time.h>

// What is known of each watched socket, for the hooks that libcurl's calls go through.

// How many segments the bytes came in that wait in a socket. Events that came in one segment bear its stamp for certain,
// while a stamp that several segments share may be that of the last.
typedef struct {
    uint64_t taken;        // bytes that were read so far
    int is_known;          // whether all that had arrived by `data_segments` has been read
    uint32_t data_segments;
    uint64_t single_until; // up to this byte all came in one segment, whose stamp is the next
    int64_t single_stamp;
} segment_count;

// Events that wait behind the one to be read, as a look at all of them has found: where each ends, but for the last, of
// which more may come.
enum { BATCH_LIMIT = 14 };

typedef struct {
    uint8_t next, count;
    uint16_t lengths[BATCH_LIMIT];
} event_batch;

// A descriptor is used by one thread at a time, so only the mode, which other threads' sends may look at, is atomic.
typedef struct {
    _Atomic int mode;
    event_place place;
    event_batch batch;
    segment_count segments;
    int pending_error; // that a look has met
    int64_t seen_empty_ns;
    int64_t emptied_ns;
    ct_read_stamp latest_read;
    ct_read_stamp oldest_read; // of the reads whose bytes libcurl may still hold
} watched_socket;

// Finds a socket by its descriptor; NULL where it is not watched.
watched_socket *ct_find_watched(int descriptor);

int64_t ct_read_clock(clockid_t clock);

// Notes an instant at which the socket held nothing, as a read or a send has told.
void ct_emptied(watched_socket *socket, int64_t instant);

// Receives as the C library does.
ssize_t ct_receive_unstamped(int descriptor, void *buffer, size_t length, int flags);

// Looks at what waits. The kernel tells an error once, so that one met here is kept for the read.
ssize_t ct_look(watched_socket *socket, int descriptor, void *buffer, size_t length, int flags);

int ct_is_http_1_in_the_clear(int mode);
