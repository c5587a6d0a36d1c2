/* limit: the bare client, which shows what this machine can do at all against refserver.
 *
 * Build:  cc -O2 -Wall -Wextra -o limit limit.c -lm                           (Linux 5.11, glibc 2.35)
 * Run:    ./limit --port 18931 -c 200 -d 10 --tokens 128     200 streams, closed loop, keep-alive, 10 s
 *
 * Flags (defaults in brackets)
 *   --host A [127.0.0.1]  --port P [18931]
 *   -c K [1]        streams
 *   -d SECONDS [10] no request starts later; those in flight are finished
 *   --tokens N [128]  max_tokens of every request
 *   --ramp-ms R [0] spread the first requests over R ms
 *   --warm S [0]    leave the first S seconds out of the numbers
 *   --spin          poll without sleeping
 *   --stamps        read the kernel's receive stamp of every event, and measure by it: one peek of all that waits, then
 *                   one recvmsg up to the end of each event, since a read has the stamp of the last segment it touched
 *   --log FILE      CSV, one line per request, by this client's clock readings: port,nth,send_ns,first_ns,done_ns,n
 *
 * One thread, epoll, one recv() per wake of a socket, one reading of CLOCK_MONOTONIC per recv(). The only parsing is
 * memmem for the ends of events, "data: " and "sent_ns":. Prints one line of JSON: chunks a second, CPU time per chunk,
 * delay = reading - sent_ns of the content chunks, time to first token and gaps as seen here, reads, events per read.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/socket.h>

#include "latency_histogram.h"
#include "monotonic_clock.h"

enum { EVENTS_PER_WAKE = 512, INPUT_CAPACITY = 65536, LONGEST_SLEEP_NS = 100000000, SENT_TEXT_WIDTH = 40 };

static struct {
    const char *host;
    int port, streams;
    double seconds, ramp_ms, warm_seconds;
    int tokens, spins, stamps;
    const char *log_path;
} settings = {.host = "127.0.0.1", .port = 18931, .streams = 1, .seconds = 10, .tokens = 128};

struct stream {
    int socket, client_port;
    int chunks;
    unsigned requests;
    uint64_t sent_ns, first_ns, last_ns;
    int input_length;
    char input[INPUT_CAPACITY];
};

static char request[1024];
static int request_length;
static FILE *log_file;
static int64_t monotonic_minus_realtime_ns;
static uint64_t stop_ns, measured_from_ns;
static int measures, live_streams;
static struct rusage usage_at_start;

static struct {
    uint64_t chunks, events, reads, requests, completed;
    struct latency_histogram delay, first_token, gap;
} seen;

static void fail(const char *what) {
    perror(what);
    exit(1);
}

static void read_settings(int argument_count, char **arguments) {
    for (int index = 1; index < argument_count; index++) {
        const char *flag = arguments[index];
        if (strcmp(flag, "--spin") == 0) {
            settings.spins = 1;
            continue;
        }
        if (strcmp(flag, "--stamps") == 0) {
            settings.stamps = 1;
            continue;
        }
        const char *value = ++index < argument_count ? arguments[index] : "";
        if (strcmp(flag, "--host") == 0) {
            settings.host = value;
        } else if (strcmp(flag, "--port") == 0) {
            settings.port = atoi(value);
        } else if (strcmp(flag, "-c") == 0) {
            settings.streams = atoi(value);
        } else if (strcmp(flag, "-d") == 0) {
            settings.seconds = atof(value);
        } else if (strcmp(flag, "--tokens") == 0) {
            settings.tokens = atoi(value);
        } else if (strcmp(flag, "--ramp-ms") == 0) {
            settings.ramp_ms = atof(value);
        } else if (strcmp(flag, "--warm") == 0) {
            settings.warm_seconds = atof(value);
        } else if (strcmp(flag, "--log") == 0) {
            settings.log_path = value;
        } else {
            fprintf(stderr, "limit: unknown flag %s\n", flag);
            exit(2);
        }
    }
}

static void write_request(void) {
    char body[512];
    int length = snprintf(body, sizeof body,
        "{\"model\":\"ref\",\"stream\":true,\"max_tokens\":%d,\"stream_options\":{\"include_usage\":true},"
        "\"messages\":[{\"role\":\"user\",\"content\":\"hello\"}]}",
        settings.tokens);
    request_length = snprintf(request, sizeof request,
        "POST /v1/chat/completions HTTP/1.1\r\nHost: %s:%d\r\nContent-Type: application/json\r\n"
        "Content-Length: %d\r\n\r\n%s",
        settings.host, settings.port, length, body);
}

static void allow_many_sockets(void) {
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

static struct stream *open_stream(int epoll) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)settings.port)};
    inet_pton(AF_INET, settings.host, &address.sin_addr);
    struct stream *stream = calloc(1, sizeof *stream);
    stream->socket = socket(AF_INET, SOCK_STREAM, 0);
    int on = 1;
    setsockopt(stream->socket, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (settings.stamps) setsockopt(stream->socket, SOL_SOCKET, SO_TIMESTAMPNS, &on, sizeof on);
    if (connect(stream->socket, (struct sockaddr *)&address, sizeof address)) fail("connect");
    struct sockaddr_in own;
    socklen_t length = sizeof own;
    getsockname(stream->socket, (struct sockaddr *)&own, &length);
    stream->client_port = ntohs(own.sin_port);
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = stream};
    epoll_ctl(epoll, EPOLL_CTL_ADD, stream->socket, &event);
    return stream;
}

static void send_request(struct stream *stream) {
    stream->sent_ns = monotonic_nanoseconds();
    stream->first_ns = stream->last_ns = 0;
    stream->chunks = 0;
    stream->requests++;
    if (send(stream->socket, request, (size_t)request_length, MSG_NOSIGNAL) != request_length) fail("send");
    seen.requests++;
    live_streams++;
}

static void note_content(struct stream *stream, uint64_t told_ns, uint64_t read_ns) {
    if (measures) {
        record_latency(&seen.delay, read_ns > told_ns ? read_ns - told_ns : 0);
        seen.chunks++;
        if (stream->first_ns) {
            record_latency(&seen.gap, read_ns - stream->last_ns);
        } else {
            record_latency(&seen.first_token, read_ns - stream->sent_ns);
        }
    }
    if (!stream->first_ns) stream->first_ns = read_ns;
    stream->last_ns = read_ns;
    stream->chunks++;
}

/* One event, from the start of its HTTP chunk or of its data to its blank line. */
static void take_event(struct stream *stream, char *data, char *blank_line, uint64_t read_ns) {
    if (!memmem(data, (size_t)(blank_line - data), "\"content\":\" ", 12)) return;
    char *near_end = blank_line - SENT_TEXT_WIDTH > data ? blank_line - SENT_TEXT_WIDTH : data;
    char *told = memmem(near_end, (size_t)(blank_line - near_end), "\"sent_ns\":", 10);
    if (told) note_content(stream, strtoull(told + 10, NULL, 10), read_ns);
}

static void end_request(struct stream *stream, uint64_t read_ns) {
    seen.completed++;
    live_streams--;
    if (log_file) {
        fprintf(log_file, "%d,%u,%llu,%llu,%llu,%d\n", stream->client_port, stream->requests,
            (unsigned long long)stream->sent_ns, (unsigned long long)stream->first_ns, (unsigned long long)read_ns,
            stream->chunks);
    }
    if (read_ns < stop_ns) send_request(stream);
}

/* Takes every whole event out of the input and keeps what is left for the next read. */
static void take_events(struct stream *stream, uint64_t read_ns) {
    char *start = stream->input, *end = stream->input + stream->input_length;
    for (;;) {
        char *blank_line = memmem(start, (size_t)(end - start), "\n\n", 2);
        if (!blank_line) break;
        char *next = blank_line + 2;
        char *data = memmem(start, (size_t)(blank_line - start), "data: ", 6);
        int is_done = data && data[6] == '[';
        if (is_done) {
            /* The request is over only with the last HTTP chunk, else the next answer would begin with its rest. */
            char *last_chunk = memmem(next, (size_t)(end - next), "0\r\n\r\n", 5);
            if (!last_chunk) break;
            next = last_chunk + 5;
        }
        seen.events++;
        if (is_done) {
            end_request(stream, read_ns);
        } else if (data) {
            take_event(stream, data, blank_line, read_ns);
        }
        start = next;
    }
    stream->input_length = (int)(end - start);
    if (stream->input_length && start != stream->input) memmove(stream->input, start, (size_t)stream->input_length);
}

/* Whether a receiving call found bytes; ends the program where the connection is lost. */
static int has_bytes(ssize_t length) {
    if (length < 0 && errno == EAGAIN) return 0;
    if (length < 0) fail("recv");
    if (length == 0) {
        fprintf(stderr, "limit: the server closed a connection\n");
        exit(1);
    }
    return 1;
}

static void receive(struct stream *stream) {
    size_t room = sizeof stream->input - 1 - (size_t)stream->input_length;
    ssize_t length = recv(stream->socket, stream->input + stream->input_length, room, MSG_DONTWAIT);
    uint64_t read_ns = monotonic_nanoseconds();
    if (!has_bytes(length)) return;
    seen.reads++;
    stream->input_length += (int)length;
    take_events(stream, read_ns);
}

/* recvmsg with the stamp of the last segment that it touched, on the monotonic clock. */
static ssize_t receive_stamped(struct stream *stream, char *input, size_t room, int flags, uint64_t *stamp_ns) {
    char control[128];
    struct iovec part = {.iov_base = input, .iov_len = room};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1, .msg_control = control, .msg_controllen = sizeof control};
    ssize_t length = recvmsg(stream->socket, &message, flags | MSG_DONTWAIT);
    struct cmsghdr *header = length > 0 ? CMSG_FIRSTHDR(&message) : NULL;
    if (!header || header->cmsg_level != SOL_SOCKET || header->cmsg_type != SCM_TIMESTAMPNS) return length;
    struct timespec time;
    memcpy(&time, CMSG_DATA(header), sizeof time);
    *stamp_ns = (uint64_t)((int64_t)time.tv_sec * 1000000000 + time.tv_nsec + monotonic_minus_realtime_ns);
    return length;
}

/* Where the next event in what was peeked ends; the line end that closes its HTTP chunk goes along with it. */
static size_t event_length(const char *start, const char *end) {
    const char *blank_line = memmem(start, (size_t)(end - start), "\n\n", 2);
    if (!blank_line) return (size_t)(end - start);
    const char *next = blank_line + 2;
    if (end - next >= 2 && memcmp(next, "\r\n", 2) == 0) next += 2;
    return (size_t)(next - start);
}

/* One peek shows all that waits. Each event but the last is then read alone, for its own stamp; the last is dropped from
 * the queue uncopied, as the peek's stamp is its own. */
static void receive_with_stamps(struct stream *stream) {
    static char peeked[INPUT_CAPACITY];
    uint64_t latest_ns = monotonic_nanoseconds();
    size_t room = sizeof stream->input - 1 - (size_t)stream->input_length;
    ssize_t held = receive_stamped(stream, peeked, room, MSG_PEEK, &latest_ns);
    if (!has_bytes(held)) return;
    size_t length;
    for (char *start = peeked, *end = peeked + held; start < end; start += length) {
        char *input = stream->input + stream->input_length;
        uint64_t stamp_ns = latest_ns;
        length = event_length(start, end);
        ssize_t taken;
        if (start + length == end) {
            taken = recv(stream->socket, NULL, length, MSG_TRUNC | MSG_DONTWAIT);
            memcpy(input, start, length);
        } else {
            taken = receive_stamped(stream, input, length, 0, &stamp_ns);
        }
        if (taken != (ssize_t)length) fail("recvmsg");
        seen.reads++;
        stream->input_length += (int)length;
        take_events(stream, stamp_ns);
    }
}

/* Forgets what the warm-up saw, but for the requests, which are counted whole. */
static void start_measuring(uint64_t now) {
    measures = 1;
    measured_from_ns = now;
    getrusage(RUSAGE_SELF, &usage_at_start);
    seen.chunks = seen.events = seen.reads = 0;
    memset(&seen.delay, 0, sizeof seen.delay);
    memset(&seen.first_token, 0, sizeof seen.first_token);
    memset(&seen.gap, 0, sizeof seen.gap);
}

static void run(int epoll, struct stream **streams) {
    uint64_t start_ns = monotonic_nanoseconds();
    uint64_t warm_ns = start_ns + (uint64_t)(settings.warm_seconds * 1e9);
    stop_ns = start_ns + (uint64_t)(settings.seconds * 1e9);
    struct epoll_event events[EVENTS_PER_WAKE];
    int started = 0;
    while (started < settings.streams || live_streams) {
        uint64_t now = monotonic_nanoseconds();
        if (!measures && now >= warm_ns) start_measuring(now);
        struct timespec wait = {.tv_nsec = LONGEST_SLEEP_NS};
        while (started < settings.streams) {
            uint64_t due = start_ns + (uint64_t)(settings.ramp_ms * 1e6 * started / settings.streams);
            if (now < due) {
                if (due - now < LONGEST_SLEEP_NS) wait.tv_nsec = (long)(due - now);
                break;
            }
            send_request(streams[started++]);
        }
        if (settings.spins) wait.tv_nsec = 0;
        int count = epoll_pwait2(epoll, events, EVENTS_PER_WAKE, &wait, NULL);
        for (int index = 0; index < count; index++) {
            if (settings.stamps) {
                receive_with_stamps(events[index].data.ptr);
            } else {
                receive(events[index].data.ptr);
            }
        }
    }
}

static double seconds_between(struct timeval earlier, struct timeval later) {
    return (double)(later.tv_sec - earlier.tv_sec) + (double)(later.tv_usec - earlier.tv_usec) / 1e6;
}

static void print_milliseconds(const char *name, const struct latency_histogram *histogram) {
    printf("\"%s\":{\"p50\":%.3f,\"p99\":%.3f,\"max\":%.3f},", name, (double)latency_quantile(histogram, 0.5) / 1e6,
        (double)latency_quantile(histogram, 0.99) / 1e6, (double)histogram->maximum / 1e6);
}

static void print_results(void) {
    double wall = (double)(monotonic_nanoseconds() - measured_from_ns) / 1e9;
    struct rusage usage;
    getrusage(RUSAGE_SELF, &usage);
    double cpu = seconds_between(usage_at_start.ru_utime, usage.ru_utime)
        + seconds_between(usage_at_start.ru_stime, usage.ru_stime);
    printf("{\"tool\":\"limit\",\"streams\":%d,\"wall_s\":%.3f,\"requests\":%llu,\"completed\":%llu,", settings.streams,
        wall, (unsigned long long)seen.requests, (unsigned long long)seen.completed);
    printf("\"chunks\":%llu,\"chunks_per_s\":%.0f,\"cpu_s\":%.3f,\"cpu_us_per_chunk\":%.3f,",
        (unsigned long long)seen.chunks, (double)seen.chunks / wall, cpu,
        seen.chunks ? cpu * 1e6 / (double)seen.chunks : 0);
    printf("\"reads\":%llu,\"events_per_read\":%.2f,", (unsigned long long)seen.reads,
        seen.reads ? (double)seen.events / (double)seen.reads : 0);
    printf("\"delay_us\":{\"p50\":%.1f,\"p99\":%.1f,\"p999\":%.1f,\"max\":%.1f},",
        (double)latency_quantile(&seen.delay, 0.5) / 1e3, (double)latency_quantile(&seen.delay, 0.99) / 1e3,
        (double)latency_quantile(&seen.delay, 0.999) / 1e3, (double)seen.delay.maximum / 1e3);
    print_milliseconds("ttft_ms", &seen.first_token);
    print_milliseconds("itl_ms", &seen.gap);
    printf("\"rss_kb\":%ld}\n", usage.ru_maxrss);
}

int main(int argument_count, char **arguments) {
    read_settings(argument_count, arguments);
    write_request();
    if (settings.log_path) {
        log_file = fopen(settings.log_path, "w");
        if (!log_file) fail(settings.log_path);
        fprintf(log_file, "port,nth,send_ns,first_ns,done_ns,n\n");
    }
    prctl(PR_SET_TIMERSLACK, 1);
    struct timespec real;
    clock_gettime(CLOCK_REALTIME, &real);
    monotonic_minus_realtime_ns = (int64_t)monotonic_nanoseconds() - ((int64_t)real.tv_sec * 1000000000 + real.tv_nsec);
    allow_many_sockets();
    int epoll = epoll_create1(0);
    struct stream **streams = calloc((size_t)settings.streams, sizeof *streams);
    for (int index = 0; index < settings.streams; index++) streams[index] = open_stream(epoll);
    run(epoll, streams);
    print_results();
    if (log_file) fclose(log_file);
    return 0;
}
