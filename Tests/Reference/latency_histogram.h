/* A histogram of nanoseconds with a relative error under 1/64: recording costs no allocation, reading no sort. */
#ifndef LATENCY_HISTOGRAM_H
#define LATENCY_HISTOGRAM_H

#include <math.h>
#include <stdint.h>

#define BUCKETS_PER_OCTAVE 64
#define LATENCY_BUCKETS (BUCKETS_PER_OCTAVE * 40)

struct latency_histogram {
    uint64_t counts[LATENCY_BUCKETS];
    uint64_t total;
    uint64_t maximum;
};

/* Values under 64 have a bucket each; above, every octave is cut into 64 equal buckets. */
static inline int latency_bucket(uint64_t value) {
    if (value < BUCKETS_PER_OCTAVE) return (int)value;
    int exponent = 63 - __builtin_clzll(value);
    int bucket = (exponent - 5) * BUCKETS_PER_OCTAVE + (int)((value >> (exponent - 6)) & 63);
    return bucket < LATENCY_BUCKETS ? bucket : LATENCY_BUCKETS - 1;
}

static inline uint64_t latency_bucket_floor(int bucket) {
    if (bucket < BUCKETS_PER_OCTAVE) return (uint64_t)bucket;
    int exponent = bucket / BUCKETS_PER_OCTAVE + 5;
    return (1ull << exponent) + ((uint64_t)(bucket % BUCKETS_PER_OCTAVE) << (exponent - 6));
}

static inline void record_latency(struct latency_histogram *histogram, uint64_t value) {
    histogram->counts[latency_bucket(value)]++;
    histogram->total++;
    if (value > histogram->maximum) histogram->maximum = value;
}

/* The lower bound of the bucket that holds the quantile, in nanoseconds; 0 for an empty histogram. */
static inline uint64_t latency_quantile(const struct latency_histogram *histogram, double quantile) {
    if (histogram->total == 0) return 0;
    uint64_t rank = (uint64_t)ceil(quantile * (double)histogram->total);
    if (rank < 1) rank = 1;
    uint64_t seen = 0;
    for (int bucket = 0; bucket < LATENCY_BUCKETS; bucket++) {
        seen += histogram->counts[bucket];
        if (seen >= rank) return latency_bucket_floor(bucket);
    }
    return histogram->maximum;
}

#endif
