#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

#include "../monotonic_clock.h"
#include "server.h"
#include "settings.h"

static struct latency_histogram joined_lateness;

/* Other threads count on while this adds up: a figure may miss the last few events, which is no harm to a summary. */
static void add_up(struct event_loop *sum) {
    memset(&joined_lateness, 0, sizeof joined_lateness);
    for (int index = 0; index < settings.threads; index++) {
        const struct event_loop *loop = &loops[index];
        sum->requests += loop->requests;
        sum->chunks += loop->chunks;
        sum->completed += loop->completed;
        sum->disconnected += loop->disconnected;
        sum->failed += loop->failed;
        sum->blocked += loop->blocked;
        sum->active += loop->active;
        sum->most_active += loop->most_active;
        for (int bucket = 0; bucket < LATENCY_BUCKETS; bucket++) {
            joined_lateness.counts[bucket] += loop->lateness.counts[bucket];
        }
        joined_lateness.total += loop->lateness.total;
        if (loop->lateness.maximum > joined_lateness.maximum) joined_lateness.maximum = loop->lateness.maximum;
    }
}

static double cpu_seconds(const struct rusage *usage) {
    return (double)(usage->ru_utime.tv_sec + usage->ru_stime.tv_sec)
        + (double)(usage->ru_utime.tv_usec + usage->ru_stime.tv_usec) / 1e6;
}

void write_statistics(char *text, size_t capacity) {
    static __thread struct event_loop sum;
    memset(&sum, 0, sizeof sum);
    add_up(&sum);
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    size_t length = (size_t)snprintf(text, capacity,
        "{\"requests\":%llu,\"completed\":%llu,\"disconnected\":%llu,\"failed\":%llu,\"active\":%llu,"
        "\"max_active\":%llu,\"chunks\":%llu,\"blocked\":%llu,",
        (unsigned long long)sum.requests, (unsigned long long)sum.completed, (unsigned long long)sum.disconnected,
        (unsigned long long)sum.failed, (unsigned long long)sum.active, (unsigned long long)sum.most_active,
        (unsigned long long)sum.chunks, (unsigned long long)sum.blocked);
    snprintf(text + length, capacity - length,
        "\"late_p50_us\":%.1f,\"late_p99_us\":%.1f,\"late_p999_us\":%.1f,\"late_max_us\":%.1f,"
        "\"cpu_s\":%.3f,\"maxrss_kb\":%ld,\"uptime_s\":%.3f,\"connections\":%llu}\n",
        (double)latency_quantile(&joined_lateness, 0.5) / 1e3,
        (double)latency_quantile(&joined_lateness, 0.99) / 1e3,
        (double)latency_quantile(&joined_lateness, 0.999) / 1e3, (double)joined_lateness.maximum / 1e3,
        cpu_seconds(&usage), usage.ru_maxrss, (double)(monotonic_nanoseconds() - started_ns) / 1e9,
        (unsigned long long)connection_count);
}

void reset_statistics(void) {
    for (int index = 0; index < settings.threads; index++) {
        struct event_loop *loop = &loops[index];
        loop->requests = loop->chunks = loop->completed = loop->disconnected = loop->failed = loop->blocked = 0;
        loop->most_active = loop->active;
        memset(&loop->lateness, 0, sizeof loop->lateness);
    }
}
