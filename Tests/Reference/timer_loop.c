/* timer_loop: how late a bare timerfd loop wakes, which is the least lateness a dispatcher can have on this machine.
 *
 * Run:    ./timer_loop --rate 2000 -d 5       2,000 wakes a second at absolute instants, for 5 s
 *
 * One thread, one timerfd armed anew for every instant as a dispatcher must, one reading of CLOCK_MONOTONIC per wake.
 * Instants that have passed by the time of a wake count with their own lateness, as requests that are due would.
 * Prints one line of JSON: wakes and lateness_us, reading - due, at p50, p99 and its maximum.
 */
#define _GNU_SOURCE
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/timerfd.h>
#include <unistd.h>

#include "latency_histogram.h"
#include "monotonic_clock.h"

static struct latency_histogram lateness;

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void sleep_until(int timer, uint64_t due_ns) {
    struct itimerspec at = {0};
    at.it_value.tv_sec = (time_t)(due_ns / NANOSECONDS_PER_SECOND);
    at.it_value.tv_nsec = (long)(due_ns % NANOSECONDS_PER_SECOND);
    if (timerfd_settime(timer, TFD_TIMER_ABSTIME, &at, NULL) != 0) fail("timerfd_settime");
    uint64_t expirations;
    if (read(timer, &expirations, sizeof expirations) != sizeof expirations) fail("read");
}

int main(int count, char **arguments) {
    double rate = 2000, seconds = 5;
    for (int index = 1; index + 1 < count; index += 2) {
        if (!strcmp(arguments[index], "--rate")) rate = atof(arguments[index + 1]);
        if (!strcmp(arguments[index], "-d")) seconds = atof(arguments[index + 1]);
    }
    int timer = timerfd_create(CLOCK_MONOTONIC, TFD_CLOEXEC);
    if (timer < 0) fail("timerfd_create");
    uint64_t start_ns = monotonic_nanoseconds() + NANOSECONDS_PER_SECOND / 10;
    uint64_t instants = (uint64_t)(rate * seconds);
    for (uint64_t nth = 0; nth < instants; nth++) {
        uint64_t due_ns = start_ns + (uint64_t)((double)nth * 1e9 / rate);
        if (monotonic_nanoseconds() < due_ns) sleep_until(timer, due_ns);
        record_latency(&lateness, monotonic_nanoseconds() - due_ns);
    }
    printf("{\"wakes\": %llu, \"lateness_us\": {\"p50\": %.1f, \"p99\": %.1f, \"max\": %.1f}}\n",
           (unsigned long long)lateness.total, (double)latency_quantile(&lateness, 0.5) / 1e3,
           (double)latency_quantile(&lateness, 0.99) / 1e3, (double)lateness.maximum / 1e3);
    return 0;
}
