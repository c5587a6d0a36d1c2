/* HTTP/1.1 as far as clients of streaming APIs speak it: keep-alive, both framings of a body, Expect. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "../monotonic_clock.h"
#include "server.h"

enum { LARGEST_HEAD = 1 << 20, LARGEST_BODY = 64 << 20, LARGEST_FIXED_ANSWER = 8192 };

/* The body of a request, as it lies in the input or, if it was chunked, in a buffer of its own. */
struct body {
    const char *bytes;
    size_t length;
    size_t wire_length; /* bytes of the input that it takes up */
};

enum body_state { BODY_COMPLETE, BODY_INCOMPLETE, BODY_REFUSED };

void answer_at_once(
    struct event_loop *loop, struct connection *connection, const char *status, const char *body) {
    char message[LARGEST_FIXED_ANSWER];
    int length = snprintf(message, sizeof message,
        "HTTP/1.1 %s\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n%s\r\n%s", status, strlen(body),
        connection->closes_after_answer ? "Connection: close\r\n" : "", body);
    if (send_bytes(loop, connection, message, (size_t)length)) return;
    if (connection->closes_after_answer && connection->output.start == connection->output.length) {
        drop(loop, connection);
    }
}

/* The value of a header; the name without colon, compared without regard to case. NULL where there is none. */
static const char *header(const char *head, const char *end, const char *name) {
    size_t length = strlen(name);
    const char *line = memchr(head, '\n', (size_t)(end - head));
    while (line) {
        line++;
        if ((size_t)(end - line) > length && strncasecmp(line, name, length) == 0 && line[length] == ':') {
            const char *value = line + length + 1;
            while (*value == ' ') value++;
            return value;
        }
        line = memchr(line, '\n', (size_t)(end - line));
    }
    return NULL;
}

static int header_starts_with(const char *head, const char *end, const char *name, const char *prefix) {
    const char *value = header(head, end, name);
    return value && strncasecmp(value, prefix, strlen(prefix)) == 0;
}

static enum body_state take_chunked_body(const char *start, const char *end, struct body *body) {
    static __thread char *joined;
    static __thread size_t capacity;
    size_t available = (size_t)(end - start);
    if (available + 1 > capacity) {
        capacity = available * 2 + 4096;
        joined = realloc(joined, capacity);
    }
    const char *text = start;
    body->bytes = joined;
    body->length = 0;
    for (;;) {
        const char *line_end = memmem(text, (size_t)(end - text), "\r\n", 2);
        if (!line_end) return BODY_INCOMPLETE;
        size_t length = strtoull(text, NULL, 16);
        text = line_end + 2;
        if (length > LARGEST_BODY) return BODY_REFUSED;
        if ((size_t)(end - text) < length + 2) return BODY_INCOMPLETE;
        memcpy(joined + body->length, text, length);
        body->length += length;
        text += length + 2;
        if (length == 0) break;
    }
    body->wire_length = (size_t)(text - start);
    return BODY_COMPLETE;
}

static enum body_state take_body(
    struct event_loop *loop, struct connection *connection, const char *head_end, struct body *body) {
    const struct byte_queue *input = &connection->input;
    const char *start = head_end + 4, *end = input->bytes + input->length;
    const char *value = header(input->bytes, head_end, "content-length");
    *body = (struct body){start, 0, 0};
    if (value) {
        body->length = body->wire_length = strtoull(value, NULL, 10);
        if (body->length > LARGEST_BODY) return BODY_REFUSED;
        if ((size_t)(end - start) >= body->length) return BODY_COMPLETE;
        if (!connection->promised_continue && header(input->bytes, head_end, "expect")) {
            connection->promised_continue = 1;
            send_bytes(loop, connection, "HTTP/1.1 100 Continue\r\n\r\n", 25);
        }
        return BODY_INCOMPLETE;
    }
    if (header_starts_with(input->bytes, head_end, "transfer-encoding", "chunked")) {
        return take_chunked_body(start, end, body);
    }
    return BODY_COMPLETE;
}

static void copy_request_id(struct connection *connection, const char *head_end) {
    const char *value = header(connection->input.bytes, head_end, "x-request-id");
    size_t length = value ? strcspn(value, "\r\n") : 0;
    if (length >= sizeof connection->request_id) length = sizeof connection->request_id - 1;
    if (value) memcpy(connection->request_id, value, length);
    connection->request_id[length] = 0;
}

/* Returns whether a request was there and was taken. */
static int take_request(struct event_loop *loop, struct connection *connection) {
    struct byte_queue *input = &connection->input;
    input->bytes[input->length] = 0;
    char *head_end = memmem(input->bytes, input->length, "\r\n\r\n", 4);
    if (!head_end) {
        if (input->length > LARGEST_HEAD) drop(loop, connection);
        return 0;
    }
    if (!connection->head_ns) connection->head_ns = monotonic_nanoseconds();
    struct body body;
    enum body_state state = take_body(loop, connection, head_end, &body);
    if (state == BODY_REFUSED) drop(loop, connection);
    if (state != BODY_COMPLETE) return 0;

    copy_request_id(connection, head_end);
    connection->closes_after_answer = header_starts_with(input->bytes, head_end, "connection", "close");
    connection->promised_continue = 0;
    start_request(loop, connection, input->bytes, body.bytes, body.length);
    if (connection->is_dead) return 0;

    size_t taken = (size_t)(head_end + 4 - input->bytes) + body.wire_length;
    memmove(input->bytes, input->bytes + taken, input->length - taken);
    input->length -= taken;
    connection->head_ns = 0;
    return 1;
}

void take_requests(struct event_loop *loop, struct connection *connection) {
    while (!connection->is_dead && connection->phase == IDLE && connection->input.length) {
        if (!take_request(loop, connection)) return;
    }
}
