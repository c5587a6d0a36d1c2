/* refserver: a ground-truth server for tools that measure the streams of OpenAI-compatible APIs.
 *
 * Build:  cc -O2 -Wall -Wextra -pthread -o refserver *.c -lm, in this folder (Linux 5.11, glibc 2.35); with
 *         -DREFSERVER_TLS and -lssl -lcrypto behind it for --certificate
 * Run:    ./refserver --port 18931 --ttft-ms 200 --itl-ms 10 --tokens 128 --log truth.jsonl
 *
 * Flags (defaults in brackets)
 *   --host A [127.0.0.1]  --port P [18931]  --threads N [1] (one event loop each, SO_REUSEPORT)
 *   --ttft-ms X [200]     mean time from "body fully read" to the first content chunk
 *   --itl-ms X [10]       mean gap between content chunks
 *   --tokens N [128]      content tokens of an answer; max_completion_tokens or max_tokens of the request wins
 *   --jitter D [const]    distribution of the gaps: const | exp | lognormal[:SIGMA] (mean stays --itl-ms; sigma 0.5)
 *   --ttft-jitter D [const]  the same for the time to the first token
 *   --role-ms X           send the role chunk X ms after the request (default: just before the first content chunk);
 *                         shows which chunk a tool takes for "the first token"
 *   --no-role             send no role chunk
 *   --tail-ms X [0]       from the last content chunk to finish_reason, usage and [DONE]; shows which event a tool
 *                         takes for the end
 *   --tokens-per-chunk N [1]  N words in each content chunk, at most 1000
 *   --late-headers        send the response head with the first event, not on arrival
 *   --pad N [0]           N more bytes in every content chunk (field "pad"), at most 60000
 *   --fail-every N [0]    answer every N-th request with HTTP 503
 *   --cut-every N [0]     close every N-th stream half way
 *   --seed S [1]          the schedule depends on the seed and the request's number only
 *   --spin-us U [0]       busy-poll when the next send is due within U us: steadier sends, a burnt core
 *   --cc NAME [reno]      TCP congestion control ("" = the system's; bbr paces its sends with timers and so adds delay)
 *   --lie-ms X [0]        the "sent_ns" told in the chunks is false by up to X ms either way; the log stays true
 *   --stall-every N [0]   about every N-th content chunk comes --stall-ms X later than its gap says
 *   --log FILE            one JSON line per request, see below
 *   --certificate FILE  --key FILE  serve TLS with this chain and key, in PEM; one record per event
 *   --quiet               print nothing
 *
 * Every chunk is scheduled absolutely (due[k+1] = due[k] + gap[k], never from the actual send), with one send() per
 * event, TCP_NODELAY, one HTTP/1.1 chunk per event, keep-alive. Each JSON chunk carries "sent_ns": CLOCK_MONOTONIC just
 * before its send(). When the socket is full because the client does not read, bytes are queued and counted.
 *
 * Endpoints: POST /v1/chat/completions, POST /v1/completions (stream true or false), GET /v1/models, GET /health,
 * GET /stats (also flushes the log; /stats?reset=1 clears the counters afterwards).
 *
 * Log line: {"seq","id" (X-Request-Id),"user" (of the body),"conn","nth" (request on that connection),"port" (the
 *   client's),"accept_ns","arrival_ns" (head read),"body_ns" (body read; the schedule starts here),"stream","chat",
 *   "want" (tokens),"sched_ttft_ns","role_ns","n" (content chunks sent),"first_ns","off_ns":[0,...] (send of each
 *   content chunk - first_ns),"done_ns" (before the send of [DONE]),"status":"completed"|"disconnected"|"failed"|"cut",
 *   "end_ns" (completed: as done_ns; disconnected: when that was seen),"late_max_ns" (worst own lateness),
 *   "blocked" (sends that met a full socket)}
 * All instants are CLOCK_MONOTONIC nanoseconds, comparable with those of any process on the machine.
 */
#define _GNU_SOURCE
#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../monotonic_clock.h"
#include "server.h"
#include "settings.h"
#include "tls.h"

struct event_loop *loops;
uint64_t started_ns;
atomic_ullong request_count, connection_count;
atomic_int stopping;

static void stop(int signal_number) {
    (void)signal_number;
    stopping = 1;
}

static void set_option(int socket, int level, int option) {
    int on = 1;
    setsockopt(socket, level, option, &on, sizeof on);
}

/* Accepted sockets inherit the congestion control of the listener. Returns -1 where the address cannot be had. */
static int open_listener(struct event_loop *loop) {
    loop->epoll = epoll_create1(EPOLL_CLOEXEC);
    loop->listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    set_option(loop->listener, SOL_SOCKET, SO_REUSEADDR);
    if (settings.threads > 1) set_option(loop->listener, SOL_SOCKET, SO_REUSEPORT);
    const char *control = settings.congestion_control;
    if (control[0]) setsockopt(loop->listener, IPPROTO_TCP, TCP_CONGESTION, control, (socklen_t)strlen(control));
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)settings.port)};
    inet_pton(AF_INET, settings.host, &address.sin_addr);
    if (bind(loop->listener, (struct sockaddr *)&address, sizeof address) || listen(loop->listener, 4096)) return -1;
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = NULL};
    return epoll_ctl(loop->epoll, EPOLL_CTL_ADD, loop->listener, &event);
}

static void allow_many_sockets(void) {
    struct rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    limit.rlim_cur = limit.rlim_max;
    setrlimit(RLIMIT_NOFILE, &limit);
}

static void print_start(void) {
    fprintf(stderr, "refserver: %s://%s:%d ttft %.3g ms, itl %.3g ms, %llu tokens, %d thread(s), pid %d\n",
        settings.certificate ? "https" : "http", settings.host, settings.port, settings.first_token_ms, settings.gap_ms, (unsigned long long)settings.tokens,
        settings.threads, (int)getpid());
}

static void run_all_loops(void) {
    for (int index = 1; index < settings.threads; index++) {
        pthread_create(&loops[index].thread, NULL, run_event_loop, &loops[index]);
    }
    run_event_loop(&loops[0]);
    for (int index = 1; index < settings.threads; index++) pthread_join(loops[index].thread, NULL);
}

int main(int argument_count, char **arguments) {
    read_settings(argument_count, arguments);
    if (settings.log_path && open_truth_log(settings.log_path)) {
        perror(settings.log_path);
        return 1;
    }
    if (settings.certificate) load_certificate(settings.certificate, settings.key ? settings.key : settings.certificate);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGINT, stop);
    signal(SIGTERM, stop);
    allow_many_sockets();
    started_ns = monotonic_nanoseconds();
    loops = calloc((size_t)settings.threads, sizeof *loops);
    for (int index = 0; index < settings.threads; index++) {
        if (open_listener(&loops[index])) {
            perror("bind/listen");
            return 1;
        }
    }
    if (!settings.quiet) print_start();
    run_all_loops();
    if (!settings.quiet) {
        char text[1200];
        write_statistics(text, sizeof text);
        fputs(text, stderr);
    }
    close_truth_log();
    return 0;
}
