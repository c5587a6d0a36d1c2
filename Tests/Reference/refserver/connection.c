#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../monotonic_clock.h"
#include "server.h"
#include "tls.h"

enum { SMALLEST_READ = 8192, FIRST_INPUT_CAPACITY = 16384 };

void accept_connections(struct event_loop *loop) {
    for (;;) {
        struct sockaddr_in address;
        socklen_t length = sizeof address;
        int socket =
            accept4(loop->listener, (struct sockaddr *)&address, &length, SOCK_NONBLOCK | SOCK_CLOEXEC);
        if (socket < 0) return;
        int on = 1;
        setsockopt(socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
        struct connection *connection = calloc(1, sizeof *connection);
        connection->socket = socket;
        connection->tls = begin_encryption(socket);
        connection->heap_position = -1;
        connection->accept_ns = monotonic_nanoseconds();
        connection->number = ++connection_count;
        connection->client_port = ntohs(address.sin_port);
        struct epoll_event event = {.events = EPOLLIN | EPOLLRDHUP, .data.ptr = connection};
        epoll_ctl(loop->epoll, EPOLL_CTL_ADD, socket, &event);
    }
}

void drop(struct event_loop *loop, struct connection *connection) {
    if (connection->is_dead) return;
    end_exchange(loop, connection, "disconnected", monotonic_nanoseconds());
    connection->is_dead = 1;
    close(connection->socket);
    connection->next_dead = loop->dead;
    loop->dead = connection;
}

void free_dropped(struct event_loop *loop) {
    while (loop->dead) {
        struct connection *connection = loop->dead;
        loop->dead = connection->next_dead;
        end_encryption(connection->tls);
        free(connection->input.bytes);
        free(connection->output.bytes);
        free(connection->send_instants);
        free(connection);
    }
}

static void watch_output(struct event_loop *loop, struct connection *connection, int watch) {
    if (connection->watches_output == watch) return;
    connection->watches_output = watch;
    struct epoll_event event = {
        .events = EPOLLIN | EPOLLRDHUP | (watch ? (uint32_t)EPOLLOUT : 0), .data.ptr = connection};
    epoll_ctl(loop->epoll, EPOLL_CTL_MOD, connection->socket, &event);
}

static void append(struct byte_queue *queue, const char *bytes, size_t length) {
    if (queue->length + length > queue->capacity && queue->start > 0) {
        memmove(queue->bytes, queue->bytes + queue->start, queue->length - queue->start);
        queue->length -= queue->start;
        queue->start = 0;
    }
    if (queue->length + length > queue->capacity) {
        queue->capacity = (queue->length + length) * 2;
        queue->bytes = realloc(queue->bytes, queue->capacity);
    }
    memcpy(queue->bytes + queue->length, bytes, length);
    queue->length += length;
}

int send_bytes(struct event_loop *loop, struct connection *connection, const char *bytes, size_t length) {
    struct byte_queue *output = &connection->output;
    if (output->start == output->length) {
        ssize_t sent = send_through(connection->tls, connection->socket, bytes, length);
        if (sent == (ssize_t)length) return 0;
        if (sent < 0 && errno != EAGAIN && errno != EINTR) {
            drop(loop, connection);
            return -1;
        }
        if (sent > 0) {
            bytes += sent;
            length -= (size_t)sent;
        }
        output->start = output->length = 0;
    }
    /* The client does not read fast enough. Queueing keeps the schedule of the other streams. */
    connection->exchange.blocked++;
    loop->blocked++;
    append(output, bytes, length);
    watch_output(loop, connection, 1);
    return 0;
}

void send_queued(struct event_loop *loop, struct connection *connection) {
    struct byte_queue *output = &connection->output;
    while (output->start < output->length) {
        ssize_t sent = send_through(
            connection->tls, connection->socket, output->bytes + output->start, output->length - output->start);
        if (sent < 0) {
            if (errno != EAGAIN) drop(loop, connection);
            return;
        }
        output->start += (size_t)sent;
    }
    output->start = output->length = 0;
    watch_output(loop, connection, 0);
    if (connection->closes_after_answer && connection->phase == IDLE) drop(loop, connection);
}

int receive_bytes(struct event_loop *loop, struct connection *connection) {
    struct byte_queue *input = &connection->input;
    for (;;) {
        /* One byte is kept free for the zero that ends the text while it is parsed. */
        if (input->capacity - input->length < SMALLEST_READ + 1) {
            input->capacity = input->capacity ? input->capacity * 2 : FIRST_INPUT_CAPACITY;
            input->bytes = realloc(input->bytes, input->capacity);
        }
        size_t room = input->capacity - input->length - 1;
        ssize_t received = receive_through(connection->tls, connection->socket, input->bytes + input->length, room);
        if (received < 0 && (errno == EAGAIN || errno == EINTR)) return 0;
        if (received <= 0) {
            drop(loop, connection);
            return -1;
        }
        input->length += (size_t)received;
        /* Encrypted bytes come a record at a time, and another may have been read already. */
        if ((size_t)received < room && !connection->tls) return 0;
    }
}
