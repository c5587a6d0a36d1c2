/* The events of an answer. Each is one send() of one HTTP chunk, and tells the instant taken just before that send. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <string.h>

#include "../monotonic_clock.h"
#include "server.h"
#include "settings.h"

/* In front of an event stays room for the length line of its HTTP chunk, known only when the event is whole. */
enum { LENGTH_ROOM = 16, INSTANT_WIDTH = 19, WORD_COUNT = 32, LONGEST_WORD = 8 };

static const char *const words[WORD_COUNT] = {
    " the", " of",   " and", " to",  " in",  " a",   " is",   " that", " for",   " it",  " as",
    " was", " with", " be",  " by",  " on",  " not", " he",   " this", " are",   " or",  " his",
    " from", " at",  " which", " but", " have", " an", " had", " they", " you", " were",
};

static const char stream_head[] = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n"
                                  "Cache-Control: no-cache\r\nTransfer-Encoding: chunked\r\n"
                                  "X-Accel-Buffering: no\r\n\r\n";

int send_headers_once(struct event_loop *loop, struct connection *connection) {
    if (connection->exchange.headers_sent) return 0;
    connection->exchange.headers_sent = 1;
    return send_bytes(loop, connection, stream_head, sizeof stream_head - 1);
}

/* Writes the length line of a chunk so that it ends at `payload`, and returns where it begins. */
static char *put_length_before(char *payload, size_t length) {
    char *text = payload - 2;
    text[0] = '\r';
    text[1] = '\n';
    do {
        *--text = "0123456789abcdef"[length & 15];
        length >>= 4;
    } while (length);
    return text;
}

/* Right-aligned and of a fixed width, so that the instant can be put into an event that is otherwise complete. */
static void put_instant(char *text, uint64_t value) {
    for (int position = INSTANT_WIDTH - 1; position >= 0; position--) {
        text[position] = value || position == INSTANT_WIDTH - 1 ? (char)('0' + value % 10) : ' ';
        value /= 10;
    }
}

/* What an event says of its own send: the truth, or under --lie-ms something else. The log stays true. */
static uint64_t told(uint64_t instant) {
    static __thread uint64_t state;
    if (!settings.lie_ns) return instant;
    if (!state) state = monotonic_nanoseconds() | 1;
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return instant + state % (2 * settings.lie_ns) - settings.lie_ns;
}

static void note_lateness(struct event_loop *loop, struct connection *connection, uint64_t instant) {
    uint64_t lateness = instant > connection->due_ns ? instant - connection->due_ns : 0;
    record_latency(&loop->lateness, lateness);
    if (lateness > connection->exchange.worst_lateness_ns) connection->exchange.worst_lateness_ns = lateness;
}

static char *put(char *text, const char *source, size_t length) {
    memcpy(text, source, length);
    return text + length;
}

#define PUT_LITERAL(text, literal) put(text, literal, sizeof(literal) - 1)

static int send_role(struct event_loop *loop, struct connection *connection) {
    if (send_headers_once(loop, connection)) return -1;
    char buffer[1024];
    char *payload = buffer + LENGTH_ROOM;
    uint64_t instant = monotonic_nanoseconds();
    size_t length = (size_t)sprintf(payload,
        "data: %s{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"logprobs\":null,"
        "\"finish_reason\":null}],\"sent_ns\":%19llu}\n\n",
        connection->exchange.prefix, (unsigned long long)told(instant));
    connection->exchange.role_ns = instant;
    char *start = put_length_before(payload, length);
    char *end = PUT_LITERAL(payload + length, "\r\n");
    return send_bytes(loop, connection, start, (size_t)(end - start));
}

static char *put_words(char *text, uint64_t first, uint64_t count) {
    for (uint64_t word = first; word < first + count; word++) text = stpcpy(text, words[word % WORD_COUNT]);
    return text;
}

static char *put_padding(char *text) {
    text = PUT_LITERAL(text, "\"pad\":\"");
    memset(text, 'x', (size_t)settings.padding);
    return PUT_LITERAL(text + settings.padding, "\",");
}

static char *put_content(char *text, const struct exchange *exchange) {
    uint64_t first = exchange->chunks_sent * (uint64_t)settings.tokens_per_chunk;
    uint64_t count = (uint64_t)settings.tokens_per_chunk;
    if (first + count > exchange->tokens) count = exchange->tokens - first;
    text = PUT_LITERAL(text, "data: ");
    text = put(text, exchange->prefix, exchange->prefix_length);
    if (exchange->is_chat) {
        text = PUT_LITERAL(text, "{\"index\":0,\"delta\":{\"content\":\"");
    } else {
        text = PUT_LITERAL(text, "{\"index\":0,\"text\":\"");
    }
    text = put_words(text, first, count);
    text = PUT_LITERAL(text, "\"");
    if (exchange->is_chat) text = PUT_LITERAL(text, "}");
    text = PUT_LITERAL(text, ",\"logprobs\":null,\"finish_reason\":null}],");
    return settings.padding ? put_padding(text) : text;
}

static int send_content(struct event_loop *loop, struct connection *connection) {
    struct exchange *exchange = &connection->exchange;
    if (send_headers_once(loop, connection)) return -1;
    static __thread char buffer[MAXIMUM_PADDING + MAXIMUM_TOKENS_PER_CHUNK * LONGEST_WORD + 2000];
    char *payload = buffer + LENGTH_ROOM;
    char *text = put_content(payload, exchange);
    text = PUT_LITERAL(text, "\"sent_ns\":");
    char *instant_place = text;
    text = PUT_LITERAL(text + INSTANT_WIDTH, "}\n\n");
    char *start = put_length_before(payload, (size_t)(text - payload));
    text = PUT_LITERAL(text, "\r\n");

    /* From here to the send nothing may stand that takes time. */
    uint64_t instant = monotonic_nanoseconds();
    put_instant(instant_place, told(instant));
    if (exchange->chunks_sent == 0) exchange->first_ns = instant;
    connection->send_instants[exchange->chunks_sent++] = instant;
    loop->chunks++;
    note_lateness(loop, connection, instant);
    return send_bytes(loop, connection, start, (size_t)(text - start));
}

/* Ends the exchange and goes on with what the connection is for: its end, or a request that came meanwhile. */
static void complete(struct event_loop *loop, struct connection *connection, uint64_t instant) {
    end_exchange(loop, connection, "completed", instant);
    if (connection->closes_after_answer) {
        if (connection->output.start == connection->output.length) drop(loop, connection);
    } else if (connection->input.length) {
        take_requests(loop, connection);
    }
}

static void write_usage(char *text, size_t capacity, const struct exchange *exchange) {
    snprintf(text, capacity, "{\"prompt_tokens\":%llu,\"completion_tokens\":%llu,\"total_tokens\":%llu}",
        (unsigned long long)exchange->prompt_tokens, (unsigned long long)exchange->tokens,
        (unsigned long long)(exchange->prompt_tokens + exchange->tokens));
}

/* The finish reason, the usage if it was asked for, and [DONE], in one send: servers write them back to back. */
static void send_tail(struct event_loop *loop, struct connection *connection) {
    struct exchange *exchange = &connection->exchange;
    char buffer[4096], event[1200], usage[200];
    char *text = buffer;
    uint64_t instant = monotonic_nanoseconds();
    int length = snprintf(event, sizeof event,
        "data: %s{\"index\":0,%s,\"logprobs\":null,\"finish_reason\":\"length\"}],\"sent_ns\":%llu}\n\n",
        exchange->prefix, exchange->is_chat ? "\"delta\":{}" : "\"text\":\"\"", (unsigned long long)told(instant));
    text += sprintf(text, "%x\r\n%s\r\n", (unsigned)length, event);
    if (exchange->wants_usage) {
        write_usage(usage, sizeof usage, exchange);
        length = snprintf(event, sizeof event, "data: %s],\"usage\":%s,\"sent_ns\":%llu}\n\n", exchange->prefix,
            usage, (unsigned long long)told(instant));
        text += sprintf(text, "%x\r\n%s\r\n", (unsigned)length, event);
    }
    text = PUT_LITERAL(text, "e\r\ndata: [DONE]\n\n\r\n0\r\n\r\n");
    exchange->done_ns = instant;
    if (send_bytes(loop, connection, buffer, (size_t)(text - buffer)) == 0) complete(loop, connection, instant);
}

/* The answer to a request that did not ask for a stream. */
static void send_whole(struct event_loop *loop, struct connection *connection) {
    struct exchange *exchange = &connection->exchange;
    uint64_t instant = monotonic_nanoseconds();
    note_lateness(loop, connection, instant);
    size_t capacity = 2048 + exchange->tokens * LONGEST_WORD;
    char *body = malloc(capacity), *message = malloc(capacity + 512);
    char usage[200];
    write_usage(usage, sizeof usage, exchange);
    char *text = body;
    text += sprintf(text, "%s{\"index\":0,%s\"", exchange->prefix,
        exchange->is_chat ? "\"message\":{\"role\":\"assistant\",\"content\":" : "\"text\":");
    text = put_words(text, 0, exchange->tokens);
    text += sprintf(text, "\"%s,\"logprobs\":null,\"finish_reason\":\"length\"}],\"usage\":%s,\"sent_ns\":%llu}",
        exchange->is_chat ? "}" : "", usage, (unsigned long long)instant);
    int length = sprintf(message,
        "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %zu\r\n%s\r\n%s",
        (size_t)(text - body), connection->closes_after_answer ? "Connection: close\r\n" : "", body);
    exchange->first_ns = exchange->done_ns = instant;
    int failed = send_bytes(loop, connection, message, (size_t)length);
    free(body);
    free(message);
    if (!failed) complete(loop, connection, instant);
}

/* What comes after a content chunk, and when: counted from when this one was due, never from when it went out. */
static void schedule_after_content(struct event_loop *loop, struct connection *connection) {
    struct exchange *exchange = &connection->exchange;
    if (exchange->will_be_cut && exchange->chunks_sent * 2 >= exchange->chunks) {
        end_exchange(loop, connection, "cut", monotonic_nanoseconds());
        drop(loop, connection);
    } else if (exchange->chunks_sent < exchange->chunks) {
        connection->due_ns += draw_length(&exchange->random_state, settings.gap_shape, settings.gap_ms);
        uint64_t mark = exchange->sequence * 7919 + exchange->chunks_sent;
        if (settings.stall_every && mark % settings.stall_every == 0) connection->due_ns += settings.stall_ns;
        schedule(loop, connection);
    } else if (settings.tail_ms > 0) {
        connection->phase = TAIL_DUE;
        connection->due_ns += (uint64_t)(settings.tail_ms * 1e6);
        schedule(loop, connection);
    } else {
        send_tail(loop, connection);
    }
}

void send_due(struct event_loop *loop, struct connection *connection) {
    struct exchange *exchange = &connection->exchange;
    int role_comes_with_content = exchange->is_chat && !settings.no_role && settings.role_ms < 0;
    switch (connection->phase) {
    case ROLE_DUE:
        if (send_role(loop, connection)) return;
        connection->phase = CONTENT_DUE;
        connection->due_ns = exchange->body_ns + exchange->scheduled_first_ns;
        schedule(loop, connection);
        return;
    case CONTENT_DUE:
        if (exchange->chunks_sent == 0 && role_comes_with_content && send_role(loop, connection)) return;
        if (send_content(loop, connection) == 0) schedule_after_content(loop, connection);
        return;
    case TAIL_DUE: send_tail(loop, connection); return;
    case WHOLE_DUE: send_whole(loop, connection); return;
    case IDLE: unschedule(loop, connection); return;
    }
}
