#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "../monotonic_clock.h"
#include "json.h"
#include "server.h"
#include "settings.h"

enum { MOST_TOKENS = 1000000 };

static const char not_found[] = "{\"error\":{\"message\":\"not found\"}}\n";
static const char injected_failure[] =
    "{\"error\":{\"message\":\"injected failure\",\"type\":\"server_error\"}}\n";

#define MODEL                                                                                                          \
    "{\"id\":\"ref\",\"object\":\"model\",\"created\":1700000000,\"owned_by\":\"refserver\",\"max_model_len\":131072}"

static void answer_statistics(struct event_loop *loop, struct connection *connection, int reset) {
    char text[1200];
    flush_truth_log(loop);
    write_statistics(text, sizeof text);
    if (reset) reset_statistics();
    answer_at_once(loop, connection, "200 OK", text);
}

static void answer_get(struct event_loop *loop, struct connection *connection, const char *path, const char *query) {
    if (strcmp(path, "/") == 0 || strcmp(path, "/health") == 0 || strcmp(path, "/v1/health") == 0) {
        answer_at_once(loop, connection, "200 OK", "{\"status\":\"ok\"}\n");
    } else if (strcmp(path, "/stats") == 0) {
        answer_statistics(loop, connection, strstr(query, "reset=1") != NULL);
    } else if (strcmp(path, "/v1/models") == 0) {
        answer_at_once(loop, connection, "200 OK", "{\"object\":\"list\",\"data\":[" MODEL "]}\n");
    } else if (strncmp(path, "/v1/models", strlen("/v1/models")) == 0) {
        answer_at_once(loop, connection, "200 OK", MODEL "\n");
    } else {
        answer_at_once(loop, connection, "404 Not Found", not_found);
    }
}

static const char *number_member(const char *body, const char *end, const char *name) {
    const char *value = json_member(body, end, name);
    return value && *value >= '0' && *value <= '9' ? value : NULL;
}

static uint64_t wanted_tokens(const char *body, const char *end) {
    const char *value = number_member(body, end, "max_completion_tokens");
    if (!value) value = number_member(body, end, "max_tokens");
    uint64_t tokens = value ? strtoull(value, NULL, 10) : 0;
    if (tokens == 0) tokens = settings.tokens;
    return tokens < MOST_TOKENS ? tokens : MOST_TOKENS;
}

static void read_body(struct exchange *exchange, const char *body, const char *end) {
    json_copy_string(exchange->model, sizeof exchange->model, json_member(body, end, "model"), end);
    if (!exchange->model[0]) strcpy(exchange->model, "ref");
    json_copy_string(exchange->user, sizeof exchange->user, json_member(body, end, "user"), end);
    exchange->streams = json_is_true(json_member(body, end, "stream"));
    const char *options = json_member(body, end, "stream_options");
    exchange->wants_usage = options && json_is_true(json_member(options, end, "include_usage"));
    exchange->tokens = wanted_tokens(body, end);
    const char *prompt = json_member(body, end, exchange->is_chat ? "messages" : "prompt");
    exchange->prompt_tokens = json_count_words(prompt, end);
    uint64_t per_chunk = (uint64_t)settings.tokens_per_chunk;
    exchange->chunks = (exchange->tokens + per_chunk - 1) / per_chunk;
}

static void write_prefix(struct exchange *exchange) {
    const char *object = exchange->is_chat ? "chat.completion" : "text_completion";
    const char *suffix = exchange->is_chat && exchange->streams ? ".chunk" : "";
    const char *kind = exchange->is_chat || !exchange->streams ? "chatcmpl" : "cmpl";
    exchange->prefix_length = (size_t)snprintf(exchange->prefix, sizeof exchange->prefix,
        "{\"id\":\"%s-%llu\",\"object\":\"%s%s\",\"created\":%ld,\"model\":\"%s\",\"choices\":[", kind,
        (unsigned long long)exchange->sequence, object, suffix, (long)time(NULL), exchange->model);
}

static void reserve_send_instants(struct connection *connection, size_t count) {
    if (connection->send_capacity >= count) return;
    connection->send_capacity = count;
    connection->send_instants = realloc(connection->send_instants, count * sizeof *connection->send_instants);
}

/* Random lengths are drawn in the order of the chunks, so that a schedule depends on the request's number only. */
static void schedule_answer(struct event_loop *loop, struct connection *connection) {
    struct exchange *exchange = &connection->exchange;
    exchange->random_state = random_state(settings.seed, exchange->sequence);
    exchange->scheduled_first_ns =
        draw_length(&exchange->random_state, settings.first_token_shape, settings.first_token_ms);
    exchange->will_be_cut = settings.cut_every && exchange->sequence % settings.cut_every == 0;
    connection->due_ns = exchange->body_ns + exchange->scheduled_first_ns;
    connection->phase = CONTENT_DUE;
    loop->active++;
    if (loop->active > loop->most_active) loop->most_active = loop->active;
    if (!exchange->streams) {
        connection->phase = WHOLE_DUE;
        for (uint64_t chunk = 1; chunk < exchange->chunks; chunk++) {
            connection->due_ns += draw_length(&exchange->random_state, settings.gap_shape, settings.gap_ms);
        }
    } else {
        if (!settings.late_headers && send_headers_once(loop, connection)) return;
        if (exchange->is_chat && !settings.no_role && settings.role_ms >= 0) {
            connection->phase = ROLE_DUE;
            connection->due_ns = exchange->body_ns + (uint64_t)(settings.role_ms * 1e6);
        }
    }
    schedule(loop, connection);
}

static void fail(struct event_loop *loop, struct connection *connection) {
    connection->phase = TAIL_DUE;
    loop->active++;
    end_exchange(loop, connection, "failed", connection->exchange.body_ns);
    answer_at_once(loop, connection, "503 Service Unavailable", injected_failure);
}

static void start_completion(
    struct event_loop *loop, struct connection *connection, int is_chat, const char *body, const char *end) {
    struct exchange *exchange = &connection->exchange;
    memset(exchange, 0, sizeof *exchange);
    exchange->body_ns = monotonic_nanoseconds();
    exchange->arrival_ns = connection->head_ns;
    exchange->sequence = ++request_count;
    exchange->is_chat = is_chat;
    loop->requests++;
    read_body(exchange, body, end);
    write_prefix(exchange);
    reserve_send_instants(connection, exchange->chunks);
    if (settings.fail_every && exchange->sequence % settings.fail_every == 0) {
        fail(loop, connection);
    } else {
        schedule_answer(loop, connection);
    }
}

void start_request(
    struct event_loop *loop, struct connection *connection, const char *head, const char *body, size_t body_length) {
    char method[16] = "", path[256] = "";
    sscanf(head, "%15s %255s", method, path);
    char *question = strchr(path, '?');
    const char *query = "";
    if (question) {
        *question = 0;
        query = question + 1;
    }
    connection->requests++;
    int is_chat = strcmp(path, "/v1/chat/completions") == 0;
    if (strcmp(method, "GET") == 0) {
        answer_get(loop, connection, path, query);
    } else if (strcmp(method, "POST") == 0 && (is_chat || strcmp(path, "/v1/completions") == 0)) {
        start_completion(loop, connection, is_chat, body, body + body_length);
    } else {
        answer_at_once(loop, connection, "404 Not Found", not_found);
    }
}
