/* SplitMix64 (Steele, Lea, Flood 2014) and the lengths that are drawn from it. */
#define _GNU_SOURCE
#include "randomness.h"

#include <math.h>

static uint64_t next_random(uint64_t *state) {
    *state += 0x9e3779b97f4a7c15ull;
    uint64_t mixed = *state;
    mixed = (mixed ^ (mixed >> 30)) * 0xbf58476d1ce4e5b9ull;
    mixed = (mixed ^ (mixed >> 27)) * 0x94d049bb133111ebull;
    return mixed ^ (mixed >> 31);
}

/* A number strictly between 0 and 1, so that its logarithm is finite. */
static double uniform(uint64_t *state) {
    return ((double)(next_random(state) >> 11) + 0.5) * (1.0 / 9007199254740992.0);
}

static double standard_normal(uint64_t *state) {
    double radius = sqrt(-2 * log(uniform(state)));
    return radius * cos(2 * M_PI * uniform(state));
}

uint64_t random_state(uint64_t seed, uint64_t request_number) {
    return (seed * 0x9e3779b97f4a7c15ull) ^ (request_number * 0xd1342543de82ef95ull);
}

uint64_t draw_length(uint64_t *state, struct distribution distribution, double mean_ms) {
    double milliseconds = mean_ms;
    if (distribution.shape == EXPONENTIAL) {
        milliseconds = -mean_ms * log(uniform(state));
    } else if (distribution.shape == LOGNORMAL) {
        /* Taking off half the variance keeps the mean of the drawn lengths, not their median, at mean_ms. */
        double sigma = distribution.sigma;
        double middle = log(mean_ms > 0 ? mean_ms : 1e-9) - sigma * sigma / 2;
        milliseconds = exp(middle + sigma * standard_normal(state));
    }
    return (uint64_t)(milliseconds * 1e6);
}
