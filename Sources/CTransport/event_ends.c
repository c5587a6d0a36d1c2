#define _GNU_SOURCE
#include "event_ends.h"

#include <ctype.h>
#include <string.h>

static int are_two_line_ends(char first, char second) {
    int is_carriage_return = first == '\r';
    return (second == '\r' || (second == '\n' && !is_carriage_return)) && (is_carriage_return || first == '\n');
}

static const char *next_line_end(const char *from, const char *end) {
    const char *line_feed = memchr(from, '\n', (size_t)(end - from));
    if (!line_feed) line_feed = end;
    const char *carriage_return = memchr(from, '\r', (size_t)(line_feed - from));
    return carriage_return ? carriage_return : line_feed;
}

static int is_line_end(const char *bytes, const char *end) {
    return end - bytes >= 2 && bytes[0] == '\r' && bytes[1] == '\n';
}

static void note_loose_framing(event_place *place, const char *bytes, const char *end) {
    if (place->is_at_event_end && is_line_end(bytes, end)) place->has_loose_framing = 1;
}

// Nearly every server sends a chunk's closing CRLF with it, so that it may be read with it. The chunk that ends the body
// may be sent later, and is left.
static const char *with_closing_line_end(const event_place *place, const char *cut, const char *end) {
    return !place->has_loose_framing && is_line_end(cut, end) ? cut + 2 : cut;
}

// A blank line is two line ends in a row, each of them LF, CRLF or CR, and they may have begun in the read before. HTTP's
// chunk framing may look like one.
size_t end_of_event(event_place *place, const char *bytes, size_t length) {
    const char *end = bytes + length, *cut = end;
    note_loose_framing(place, bytes, end);
    place->is_at_event_end = 1;
    if (are_two_line_ends(place->last_byte, bytes[0])) {
        cut = bytes + 1;
    } else {
        const char *line_end = next_line_end(bytes, end);
        while (end - line_end > 1 && !are_two_line_ends(line_end[0], line_end[1]))
            line_end = next_line_end(line_end + 1, end);
        place->is_at_event_end = end - line_end > 1;
        if (place->is_at_event_end) cut = line_end + 2;
    }
    if (cut < end && cut[-1] == '\r' && cut[0] == '\n') cut++;
    return (size_t)(with_closing_line_end(place, cut, end) - bytes);
}

// HTTP's own lines, its headers and the sizes of its chunks, end with CRLF and nearly always with a letter or a digit before
// it, as no line with a JSON object does. Where that byte is not at hand the line counts as an event's.
static int may_end_object(const event_place *place, const char *bytes, const char *line_feed) {
    char before = line_feed > bytes ? line_feed[-1] : place->last_byte;
    if (before != '\r' || line_feed == bytes) return 1;
    char last = line_feed - bytes > 1 ? line_feed[-2] : place->last_byte;
    return !isalnum((unsigned char)last);
}

size_t end_of_line(event_place *place, const char *bytes, size_t length) {
    const char *end = bytes + length;
    note_loose_framing(place, bytes, end);
    const char *line_feed = memchr(bytes, '\n', length);
    while (line_feed && !may_end_object(place, bytes, line_feed))
        line_feed = memchr(line_feed + 1, '\n', (size_t)(end - line_feed - 1));
    place->is_at_event_end = line_feed != NULL;
    return (size_t)((line_feed ? with_closing_line_end(place, line_feed + 1, end) : end) - bytes);
}

static int hexadecimal_value(char digit) {
    if (digit >= '0' && digit <= '9') return digit - '0';
    return isxdigit((unsigned char)digit) ? (digit | 0x20) - 'a' + 10 : -1;
}

// The first byte of a body tells its framing: lengths of messages begin with a zero byte, since none is of 16 MiB or more.
static char part_at_body(event_place *place, char first) {
    place->chunk_left = place->payload_left = place->prefix_count = 0;
    place->is_chunked = hexadecimal_value(first) >= 0;
    if (place->is_chunked) return IN_CHUNK_SIZE;
    // An interim response is followed by the head of another.
    return first == 'H' ? IN_HEAD : first == 0 ? IN_DATA : LOST;
}

static char part_after_size_byte(event_place *place, char byte) {
    int value = place->response_part == IN_CHUNK_EXTENSION ? -1 : hexadecimal_value(byte);
    if (value >= 0) {
        int is_too_large = place->chunk_left >> 24;
        place->chunk_left = place->chunk_left << 4 | (uint32_t)value;
        return is_too_large ? LOST : IN_CHUNK_SIZE;
    }
    if (byte == '\n') return place->chunk_left ? IN_DATA : AFTER_BODY;
    return byte == '\r' || byte == ';' || place->response_part == IN_CHUNK_EXTENSION ? IN_CHUNK_EXTENSION : LOST;
}

static char part_after_chunk_byte(event_place *place, char byte) {
    place->chunk_left = 0;
    return byte == '\n' ? IN_CHUNK_SIZE : byte == '\r' ? AFTER_CHUNK : LOST;
}

// Takes bytes of data up to the end of the message, of the chunk, or of what is there; returns how many.
static size_t take_data(event_place *place, const char *bytes, size_t length) {
    enum { PREFIX_LENGTH = 4, LEAST_LENGTH = 16, LIMIT = 1 << 24 };
    size_t taken = 1;
    if (place->prefix_count < PREFIX_LENGTH) {
        place->payload_left = place->payload_left << 8 | (unsigned char)bytes[0];
        if (++place->prefix_count == PREFIX_LENGTH) {
            if (place->payload_left < LEAST_LENGTH || place->payload_left > LIMIT) place->response_part = LOST;
            else place->payload_left -= PREFIX_LENGTH;
        }
    } else {
        taken = length < place->payload_left ? length : place->payload_left;
        if (place->is_chunked && taken > place->chunk_left) taken = place->chunk_left;
        place->payload_left -= (uint32_t)taken;
        if (place->payload_left == 0) place->prefix_count = 0;
    }
    if (place->is_chunked) place->chunk_left -= (uint32_t)taken;
    if (place->is_chunked && place->chunk_left == 0 && place->response_part == IN_DATA) place->response_part = AFTER_CHUNK;
    return taken;
}

size_t end_of_message(event_place *place, const char *bytes, size_t length) {
    const char *end = bytes + length;
    if (place->response_part == AFTER_CHUNK) note_loose_framing(place, bytes, end);
    if (place->response_part != IN_HEAD) place->is_at_event_end = 0;
    for (const char *at = bytes; at < end;) {
        switch (place->response_part) {
        case IN_HEAD: {
            size_t head = end_of_event(place, bytes, length);
            if (place->is_at_event_end) place->response_part = AT_BODY;
            return head;
        }
        case AT_BODY:
            place->response_part = part_at_body(place, *at);
            if (place->response_part == IN_HEAD) return end_of_message(place, bytes, length);
            break;
        case IN_CHUNK_SIZE:
        case IN_CHUNK_EXTENSION: place->response_part = part_after_size_byte(place, *at++); break;
        case AFTER_CHUNK: place->response_part = part_after_chunk_byte(place, *at++); break;
        case IN_DATA:
            at += take_data(place, at, (size_t)(end - at));
            if (place->prefix_count != 0 || place->response_part == LOST) break;
            place->is_at_event_end = 1;
            if (place->response_part != AFTER_CHUNK) return (size_t)(at - bytes);
            end = with_closing_line_end(place, at, end);
            if (end > at) place->response_part = IN_CHUNK_SIZE, place->chunk_left = 0;
            return (size_t)(end - bytes);
        default: return length;
        }
    }
    return length;
}

size_t end_of_frame(event_place *place, const unsigned char *bytes, size_t length) {
    enum { HEADER_LENGTH = 9, LENGTH_FIELD = 3 };
    size_t at = 0;
    for (; at < length && place->prefix_count < HEADER_LENGTH; at++, place->prefix_count++)
        if (place->prefix_count < LENGTH_FIELD) place->payload_left = place->payload_left << 8 | bytes[at];
    if (place->prefix_count == HEADER_LENGTH) {
        size_t payload = length - at < place->payload_left ? length - at : place->payload_left;
        place->payload_left -= (uint32_t)payload;
        at += payload;
        if (place->payload_left == 0) *place = (event_place){0};
    }
    return at;
}
