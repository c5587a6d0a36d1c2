/* One line of JSON per request, collected in memory so that writing the log does not delay a send. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "server.h"

enum { FLUSH_AT = 8 << 20, LONGEST_FIXED_PART = 1400, LONGEST_INSTANT = 22 };

static FILE *log_file;
static pthread_mutex_t log_lock = PTHREAD_MUTEX_INITIALIZER;

int open_truth_log(const char *path) {
    log_file = fopen(path, "w");
    return log_file ? 0 : -1;
}

void close_truth_log(void) {
    if (log_file) fclose(log_file);
}

void flush_truth_log(struct event_loop *loop) {
    if (loop->log_length && log_file) {
        pthread_mutex_lock(&log_lock);
        fwrite(loop->log, 1, loop->log_length, log_file);
        fflush(log_file);
        pthread_mutex_unlock(&log_lock);
    }
    loop->log_length = 0;
}

static char *reserve(struct event_loop *loop, size_t length) {
    if (loop->log_length + length > loop->log_capacity) {
        loop->log_capacity = (loop->log_length + length) * 2 + (1 << 20);
        loop->log = realloc(loop->log, loop->log_capacity);
    }
    return loop->log + loop->log_length;
}

/* sprintf would take most of the time that a line costs. */
static char *put_number(char *text, uint64_t value) {
    char digits[24];
    int count = 0;
    do {
        digits[count++] = (char)('0' + value % 10);
        value /= 10;
    } while (value);
    while (count) *text++ = digits[--count];
    return text;
}

static void escape(char *destination, size_t capacity, const char *source) {
    size_t length = 0;
    for (; *source && length + 3 < capacity; source++) {
        if (*source == '"' || *source == '\\') destination[length++] = '\\';
        if ((unsigned char)*source >= 32) destination[length++] = *source;
    }
    destination[length] = 0;
}

static char *put_identity(char *text, const struct connection *connection) {
    const struct exchange *exchange = &connection->exchange;
    char request_id[260], user[260];
    escape(request_id, sizeof request_id, connection->request_id);
    escape(user, sizeof user, exchange->user);
    return text
        + sprintf(text, "{\"seq\":%llu,\"id\":\"%s\",\"user\":\"%s\",\"conn\":%llu,\"nth\":%u,\"port\":%d,",
            (unsigned long long)exchange->sequence, request_id, user, (unsigned long long)connection->number,
            connection->requests, connection->client_port);
}

static char *put_schedule(char *text, const struct connection *connection) {
    const struct exchange *exchange = &connection->exchange;
    text += sprintf(text, "\"accept_ns\":%llu,\"arrival_ns\":%llu,\"body_ns\":%llu,\"stream\":%s,\"chat\":%s,",
        (unsigned long long)connection->accept_ns, (unsigned long long)exchange->arrival_ns,
        (unsigned long long)exchange->body_ns, exchange->streams ? "true" : "false",
        exchange->is_chat ? "true" : "false");
    text += sprintf(text, "\"want\":%llu,\"sched_ttft_ns\":%llu,\"role_ns\":%llu,\"n\":%llu,\"first_ns\":%llu,",
        (unsigned long long)exchange->tokens, (unsigned long long)exchange->scheduled_first_ns,
        (unsigned long long)exchange->role_ns, (unsigned long long)exchange->chunks_sent,
        (unsigned long long)exchange->first_ns);
    return text;
}

static char *put_sends(char *text, const struct connection *connection) {
    text = stpcpy(text, "\"off_ns\":[");
    for (uint64_t chunk = 0; chunk < connection->exchange.chunks_sent; chunk++) {
        if (chunk) *text++ = ',';
        text = put_number(text, connection->send_instants[chunk] - connection->exchange.first_ns);
    }
    return text;
}

static void write_line(
    struct event_loop *loop, const struct connection *connection, const char *status, uint64_t end_ns) {
    const struct exchange *exchange = &connection->exchange;
    char *text = reserve(loop, LONGEST_FIXED_PART + exchange->chunks_sent * LONGEST_INSTANT);
    text = put_identity(text, connection);
    text = put_schedule(text, connection);
    text = put_sends(text, connection);
    text += sprintf(text,
        "],\"done_ns\":%llu,\"status\":\"%s\",\"end_ns\":%llu,\"late_max_ns\":%llu,\"blocked\":%llu}\n",
        (unsigned long long)exchange->done_ns, status, (unsigned long long)end_ns,
        (unsigned long long)exchange->worst_lateness_ns, (unsigned long long)exchange->blocked);
    loop->log_length = (size_t)(text - loop->log);
    if (loop->log_length > FLUSH_AT) flush_truth_log(loop);
}

void end_exchange(
    struct event_loop *loop, struct connection *connection, const char *status, uint64_t end_ns) {
    if (connection->phase == IDLE) return;
    connection->phase = IDLE;
    unschedule(loop, connection);
    loop->active--;
    if (strcmp(status, "completed") == 0) {
        loop->completed++;
    } else if (strcmp(status, "disconnected") == 0) {
        loop->disconnected++;
    } else {
        loop->failed++;
    }
    if (log_file) write_line(loop, connection, status, end_ns);
}
