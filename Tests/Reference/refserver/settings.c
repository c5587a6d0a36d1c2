/* The command line, as a table of flags, the place that each one fills and how its value is read. */
#include "settings.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct settings settings = {
    .host = "127.0.0.1",
    .port = 18931,
    .threads = 1,
    .first_token_ms = 200,
    .gap_ms = 10,
    .role_ms = -1,
    .first_token_shape = {CONSTANT, 0.5},
    .gap_shape = {CONSTANT, 0.5},
    .tokens = 128,
    .seed = 1,
    .tokens_per_chunk = 1,
    .congestion_control = "reno",
};

enum value_kind { SWITCH, TEXT, INTEGER, COUNT, REAL, MILLISECONDS, MICROSECONDS, DISTRIBUTION };

struct flag {
    const char *name;
    enum value_kind kind;
    void *place;
};

static const struct flag flags[] = {
    {"--host", TEXT, &settings.host},
    {"--port", INTEGER, &settings.port},
    {"--threads", INTEGER, &settings.threads},
    {"--ttft-ms", REAL, &settings.first_token_ms},
    {"--itl-ms", REAL, &settings.gap_ms},
    {"--tokens", COUNT, &settings.tokens},
    {"--jitter", DISTRIBUTION, &settings.gap_shape},
    {"--ttft-jitter", DISTRIBUTION, &settings.first_token_shape},
    {"--role-ms", REAL, &settings.role_ms},
    {"--no-role", SWITCH, &settings.no_role},
    {"--tail-ms", REAL, &settings.tail_ms},
    {"--tokens-per-chunk", INTEGER, &settings.tokens_per_chunk},
    {"--late-headers", SWITCH, &settings.late_headers},
    {"--pad", INTEGER, &settings.padding},
    {"--fail-every", COUNT, &settings.fail_every},
    {"--cut-every", COUNT, &settings.cut_every},
    {"--seed", COUNT, &settings.seed},
    {"--spin-us", MICROSECONDS, &settings.spin_ns},
    {"--log", TEXT, &settings.log_path},
    {"--cc", TEXT, &settings.congestion_control},
    {"--lie-ms", MILLISECONDS, &settings.lie_ns},
    {"--stall-every", COUNT, &settings.stall_every},
    {"--stall-ms", MILLISECONDS, &settings.stall_ns},
    {"--certificate", TEXT, &settings.certificate},
    {"--key", TEXT, &settings.key},
    {"--quiet", SWITCH, &settings.quiet},
};

static struct distribution parse_distribution(const char *text) {
    struct distribution distribution = {CONSTANT, 0.5};
    if (strncmp(text, "exp", 3) == 0) distribution.shape = EXPONENTIAL;
    if (strncmp(text, "logn", 4) == 0) {
        distribution.shape = LOGNORMAL;
        const char *colon = strchr(text, ':');
        if (colon) distribution.sigma = atof(colon + 1);
    }
    return distribution;
}

static void store_value(const struct flag *flag, const char *value) {
    switch (flag->kind) {
    case SWITCH: *(int *)flag->place = 1; break;
    case TEXT: *(const char **)flag->place = value; break;
    case INTEGER: *(int *)flag->place = atoi(value); break;
    case COUNT: *(uint64_t *)flag->place = strtoull(value, NULL, 10); break;
    case REAL: *(double *)flag->place = atof(value); break;
    case MILLISECONDS: *(uint64_t *)flag->place = (uint64_t)(atof(value) * 1e6); break;
    case MICROSECONDS: *(uint64_t *)flag->place = (uint64_t)(atof(value) * 1e3); break;
    case DISTRIBUTION: *(struct distribution *)flag->place = parse_distribution(value); break;
    }
}

static const struct flag *find_flag(const char *name) {
    for (size_t index = 0; index < sizeof flags / sizeof flags[0]; index++) {
        if (strcmp(flags[index].name, name) == 0) return &flags[index];
    }
    return NULL;
}

static int clamp(int value, int low, int high) {
    return value < low ? low : value > high ? high : value;
}

void read_settings(int argument_count, char **arguments) {
    for (int index = 1; index < argument_count; index++) {
        const struct flag *flag = find_flag(arguments[index]);
        if (!flag) {
            fprintf(stderr, "refserver: unknown flag %s (usage: see the top of refserver/main.c)\n", arguments[index]);
            exit(2);
        }
        if (flag->kind == SWITCH) {
            store_value(flag, NULL);
        } else {
            index++;
            store_value(flag, index < argument_count ? arguments[index] : "");
        }
    }
    settings.threads = clamp(settings.threads, 1, 1024);
    settings.padding = clamp(settings.padding, 0, MAXIMUM_PADDING);
    settings.tokens_per_chunk = clamp(settings.tokens_per_chunk, 1, MAXIMUM_TOKENS_PER_CHUNK);
}
