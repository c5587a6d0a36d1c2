/* A heap with four children to a node: with thousands of streams it stays flat, with siblings close in memory. */
#include <stdlib.h>

#include "server.h"

static void place(struct event_loop *loop, int position, struct connection *connection) {
    loop->heap[position] = connection;
    connection->heap_position = position;
}

static void sift_up(struct event_loop *loop, int position) {
    struct connection *connection = loop->heap[position];
    while (position > 0) {
        int parent = (position - 1) / 4;
        if (loop->heap[parent]->due_ns <= connection->due_ns) break;
        place(loop, position, loop->heap[parent]);
        position = parent;
    }
    place(loop, position, connection);
}

static void sift_down(struct event_loop *loop, int position) {
    struct connection *connection = loop->heap[position];
    for (;;) {
        int first = position * 4 + 1;
        if (first >= loop->heap_count) break;
        int earliest = first;
        for (int child = first + 1; child < first + 4 && child < loop->heap_count; child++) {
            if (loop->heap[child]->due_ns < loop->heap[earliest]->due_ns) earliest = child;
        }
        if (loop->heap[earliest]->due_ns >= connection->due_ns) break;
        place(loop, position, loop->heap[earliest]);
        position = earliest;
    }
    place(loop, position, connection);
}

void schedule(struct event_loop *loop, struct connection *connection) {
    if (connection->heap_position < 0) {
        if (loop->heap_count == loop->heap_capacity) {
            loop->heap_capacity = loop->heap_capacity ? loop->heap_capacity * 2 : 1024;
            loop->heap = realloc(loop->heap, sizeof *loop->heap * (size_t)loop->heap_capacity);
        }
        place(loop, loop->heap_count++, connection);
    }
    sift_up(loop, connection->heap_position);
    sift_down(loop, connection->heap_position);
}

void unschedule(struct event_loop *loop, struct connection *connection) {
    int position = connection->heap_position;
    if (position < 0) return;
    connection->heap_position = -1;
    loop->heap_count--;
    if (position == loop->heap_count) return;
    place(loop, position, loop->heap[loop->heap_count]);
    sift_up(loop, position);
    sift_down(loop, loop->heap[position]->heap_position);
}
