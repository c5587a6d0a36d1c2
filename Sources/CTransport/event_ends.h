#pragma once
#include <stddef.h>
#include <stdint.h>

// Where a stream's reads should end, so that each event gets a kernel stamp of its own. Each function looks at the bytes
// that are waiting and returns how many of them to read now, at least one. A cut in a wrong place costs a read and harms no
// stamp; two events in one read would give the first the stamp of the second, and never happens silently.

// Where a connection's HTTP/1.1 response stands, as far as the length prefixes of messages have to know.
enum response_part { IN_HEAD, AT_BODY, IN_CHUNK_SIZE, IN_CHUNK_EXTENSION, IN_DATA, AFTER_CHUNK, AFTER_BODY, LOST };

// How far a stream has been read; all zeros at a connection's start.
typedef struct {
    char last_byte;         // of the latest read, since a line end may be split over two
    char is_at_event_end;   // the latest read ended where an event may end
    char has_loose_framing; // a chunk's closing CRLF was seen to come in a segment of its own
    char response_part;     // one of enum response_part
    char is_chunked;
    uint8_t prefix_count;   // bytes that were seen of a frame's header or of a message's length
    uint32_t payload_left;  // of a frame or of a message; while the prefix is read, what it has told so far
    uint32_t chunk_left;    // of an HTTP chunk; while its size is read, what it has told so far
} event_place;

// Finds the end of a server-sent event or of a response head: the first blank line.
size_t end_of_event(event_place *place, const char *bytes, size_t length);

// Finds the end of the first line that may be a JSON object.
size_t end_of_line(event_place *place, const char *bytes, size_t length);

// Finds the end of the first message of an AWS event stream in an HTTP/1.1 response, chunked or not. Where the response is
// something else `place` is lost, all bytes are to be read, and their stamps are no event's for certain.
size_t end_of_message(event_place *place, const char *bytes, size_t length);

// Finds the end of the HTTP/2 frame that `place` stands in (RFC 9113, section 4.1).
size_t end_of_frame(event_place *place, const unsigned char *bytes, size_t length);
