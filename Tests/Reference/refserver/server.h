/* The two things that the server is made of, a connection and an event loop, and what each file does with them. */
#ifndef SERVER_H
#define SERVER_H

#include <pthread.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "../latency_histogram.h"

/* What a connection does next when it comes due. */
enum phase { IDLE, ROLE_DUE, CONTENT_DUE, TAIL_DUE, WHOLE_DUE };

/* Bytes that grow on demand; those before `start` are consumed. */
struct byte_queue {
    char *bytes;
    size_t start, length, capacity;
};

/* One request, from its head to its last byte; cleared when the next one arrives on the connection. */
struct exchange {
    uint64_t sequence;
    int is_chat, streams, wants_usage, will_be_cut, headers_sent;
    uint64_t tokens, chunks, prompt_tokens;
    uint64_t arrival_ns, body_ns, scheduled_first_ns; /* the last one counts from body_ns */
    uint64_t role_ns, first_ns, done_ns, worst_lateness_ns, blocked;
    uint64_t chunks_sent;
    uint64_t random_state;
    char model[128], user[128];
    char prefix[512]; /* what every event of the answer starts with */
    size_t prefix_length;
};

struct connection {
    int socket;
    void *tls; /* NULL in the clear */
    uint64_t number, accept_ns;
    int client_port;
    uint32_t requests;
    int is_dead, closes_after_answer, watches_output, promised_continue;
    uint64_t head_ns; /* when the head that is being read was complete; 0 before */
    char request_id[128];
    struct byte_queue input, output;
    enum phase phase;
    uint64_t due_ns;
    int heap_position; /* -1: not scheduled */
    struct exchange exchange;
    uint64_t *send_instants;
    size_t send_capacity;
    struct connection *next_dead;
};

/* One thread with its sockets, its schedule, its part of the log and its counters. */
struct event_loop {
    pthread_t thread;
    int epoll, listener;
    struct connection **heap;
    int heap_count, heap_capacity;
    struct connection *dead; /* freed after the events of a wake-up, which may still name them */
    char *log;
    size_t log_length, log_capacity;
    struct latency_histogram lateness;
    uint64_t requests, chunks, completed, disconnected, failed, blocked, active, most_active;
};

extern struct event_loop *loops;
extern uint64_t started_ns;
extern atomic_ullong request_count, connection_count;
extern atomic_int stopping;

/* schedule.c: the connections of a loop, ordered by when they come due. */
void schedule(struct event_loop *loop, struct connection *connection);
void unschedule(struct event_loop *loop, struct connection *connection);

/* connection.c: bytes to and from a socket, without ever blocking; -1 means that the connection was dropped. */
void accept_connections(struct event_loop *loop);
int send_bytes(struct event_loop *loop, struct connection *connection, const char *bytes, size_t length);
void send_queued(struct event_loop *loop, struct connection *connection);
int receive_bytes(struct event_loop *loop, struct connection *connection);
void drop(struct event_loop *loop, struct connection *connection);
void free_dropped(struct event_loop *loop);

/* http.c: finds the requests in the bytes received. */
void take_requests(struct event_loop *loop, struct connection *connection);
void answer_at_once(
    struct event_loop *loop, struct connection *connection, const char *status, const char *body);

/* request.c: decides what a request gets. The head ends with a zero byte or an empty line. */
void start_request(
    struct event_loop *loop, struct connection *connection, const char *head, const char *body, size_t body_length);

/* answer.c: writes the events of an answer when they come due. */
int send_headers_once(struct event_loop *loop, struct connection *connection);
void send_due(struct event_loop *loop, struct connection *connection);

/* truth_log.c: what was really sent, and when. */
int open_truth_log(const char *path);
void end_exchange(
    struct event_loop *loop, struct connection *connection, const char *status, uint64_t end_ns);
void flush_truth_log(struct event_loop *loop);
void close_truth_log(void);

/* statistics.c: counters of all loops as a line of JSON. */
void write_statistics(char *text, size_t capacity);
void reset_statistics(void);

/* event_loop.c: runs until `stopping`. The argument is a struct event_loop. */
void *run_event_loop(void *argument);

#endif
