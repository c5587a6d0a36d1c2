/* Random lengths that depend on a seed alone, so that the same flags give the same schedules. */
#ifndef RANDOMNESS_H
#define RANDOMNESS_H

#include <stdint.h>

struct distribution {
    enum { CONSTANT, EXPONENTIAL, LOGNORMAL } shape;
    double sigma; /* of the logarithm, for LOGNORMAL */
};

/* The state of the generator for one request: a function of the seed and the request's number. */
uint64_t random_state(uint64_t seed, uint64_t request_number);

/* Draws a length in nanoseconds whose mean is `mean_ms` milliseconds. */
uint64_t draw_length(uint64_t *state, struct distribution distribution, double mean_ms);

#endif
