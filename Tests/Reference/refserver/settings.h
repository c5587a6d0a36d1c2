/* What the command line asked for; written once before the first thread starts, read by all. */
#ifndef SETTINGS_H
#define SETTINGS_H

#include <stdint.h>

#include "randomness.h"

enum { MAXIMUM_PADDING = 60000, MAXIMUM_TOKENS_PER_CHUNK = 1000 };

struct settings {
    const char *host;
    int port;
    int threads;
    double first_token_ms;
    double gap_ms;
    double role_ms; /* negative: the role chunk goes out just before the first content */
    double tail_ms;
    struct distribution first_token_shape;
    struct distribution gap_shape;
    uint64_t tokens;
    uint64_t seed;
    int no_role;
    int tokens_per_chunk;
    int late_headers;
    int padding;
    int quiet;
    uint64_t fail_every;
    uint64_t cut_every;
    uint64_t spin_ns;
    uint64_t lie_ns;
    uint64_t stall_every;
    uint64_t stall_ns;
    const char *log_path;
    const char *congestion_control;
    const char *certificate, *key; /* NULL: connections in the clear */
};

extern struct settings settings;

/* Fills `settings` from the arguments; ends the program with status 2 at a flag that it does not know. */
void read_settings(int argument_count, char **arguments);

#endif
