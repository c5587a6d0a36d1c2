"""A loopback server that misbehaves on purpose, where no HTTP library would.

The first part of a request's path names what to do: http://127.0.0.1:PORT/drip/v1/chat/completions drips. Prints its
URL, writes one JSON line per request to the file given as argument, and ends when its standard input does.
"""

import gzip
import json
import os
import socket
import struct
import sys
import threading
import time

LIMIT = 200 << 20  # no endless answer is longer than this


BEHAVIOURS = {}
TRIES = {}  # how often each request was seen, by its id without the suffix of a retry


def behaviour(function):
    """Serves the function under its name; one that returns True keeps the connection."""
    BEHAVIOURS[function.__name__.replace("_", "-")] = function
    return function


def event(value):
    return b"data: " + json.dumps(value).encode() + b"\n\n"


def chunk_of(delta, reason=None, **others):
    choice = {"index": 0, "delta": delta, "finish_reason": reason}
    return event({"id": "c-1", "object": "chat.completion.chunk", "model": "m", "choices": [choice], **others})


TOKEN = chunk_of({"content": "word "})
FINISH = chunk_of({}, "stop", usage={"prompt_tokens": 1, "completion_tokens": 3, "total_tokens": 4})
DONE = b"data: [DONE]\n\n"
GOOD = TOKEN * 3 + FINISH + DONE


def head(status=200, kind="text/event-stream", **headers):
    lines = [f"HTTP/1.1 {status} Whatever", f"Content-Type: {kind}"]
    lines += [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(lines).encode() + b"\r\n\r\n"


def chunked(body):
    return b"%x\r\n%s\r\n" % (len(body), body)


def whole(body, status=200, kind="text/event-stream", **headers):
    """A response with a length, after which the connection goes on."""
    return head(status, kind, Content_Length=len(body), **headers) + body


STREAM = head(Transfer_Encoding="chunked")


class Request:
    def __init__(self, connection, number, ordinal, fields, path):
        self.connection, self.number, self.ordinal, self.fields, self.path = connection, number, ordinal, fields, path
        secret = fields.get("authorization", "").removeprefix("Bearer ")
        self.secret = secret or fields.get("x-api-key", "")

    def send(self, data):
        self.connection.sendall(data)

    def pause(self, seconds=0.05):
        time.sleep(seconds)

    def reset(self):
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    def wait_for_client(self):
        """Waits until the client goes, so that it alone decides when the exchange ends."""
        self.connection.settimeout(30)
        while self.connection.recv(4096):
            pass


@behaviour
def bad_chunk_size(request):
    request.send(STREAM + chunked(TOKEN))
    request.pause()
    request.send(b"zz\r\n" + TOKEN + b"\r\n")
    request.wait_for_client()


@behaviour
def chunk_overflow(request):
    request.send(STREAM + chunked(TOKEN))
    request.pause()
    request.send(b"fffffffffffffffff\r\n" + TOKEN)
    request.wait_for_client()


@behaviour
def chunk_without_end(request):
    request.send(STREAM + chunked(TOKEN))
    request.pause()
    request.send(b"%x\r\n%sXX" % (len(TOKEN), TOKEN))
    request.wait_for_client()


@behaviour
def huge_header(request):
    request.send(b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * (2 << 20) + b"\r\n\r\n")
    request.wait_for_client()


@behaviour
def many_headers(request):
    request.send(b"HTTP/1.1 200 OK\r\n")
    for number in range(20_000):
        request.send(b"X-Header-%d: %s\r\n" % (number, b"b" * 100))
    request.send(b"\r\n")
    request.wait_for_client()


@behaviour
def half_headers(request):
    request.send(b"HTTP/1.1 200 OK\r\nContent-Le")
    request.wait_for_client()


@behaviour
def reset_in_headers(request):
    request.send(b"HTTP/1.1 200 OK\r\nContent-Le")
    request.pause()
    request.reset()


@behaviour
def line_without_end(request):
    request.send(STREAM)
    block = chunked(b"a" * (1 << 20))
    request.send(chunked(b"data: "))
    for _ in range(100):
        request.send(block)
    request.wait_for_client()


@behaviour
def endless_body(request):
    request.send(STREAM)
    block = chunked(TOKEN * 4000)
    for _ in range(LIMIT // len(block)):
        request.send(block)


@behaviour
def drip(request):
    request.connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    body = head(Connection="close") + GOOD
    for position in range(len(body)):
        request.send(body[position : position + 1])
        request.pause(0.0005)


@behaviour
def never_reads(request):
    time.sleep(20)


@behaviour
def silent(request):
    request.wait_for_client()


@behaviour
def comments_forever(request):
    request.send(STREAM)
    for _ in range(600):
        request.send(chunked(b": keep-alive\n\n"))
        request.pause()


@behaviour
def stalls(request):
    request.send(STREAM + chunked(TOKEN))
    for _ in range(600):
        request.send(chunked(b": keep-alive\n\n"))
        request.pause()


@behaviour
def endless_tokens(request):
    request.send(STREAM)
    for _ in range(600):
        request.send(chunked(TOKEN))
        request.pause()


@behaviour
def closed_on_reuse(request):
    if request.ordinal == 1:
        request.send(whole(GOOD))
        return True


@behaviour
def speaks_unasked(request):
    """Answers a request, and then says on the idle connection that it is tired of waiting."""
    request.send(whole(GOOD))
    request.pause(0.05)
    request.send(b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n")
    return True


@behaviour
def speaks_at_once(request):
    """Ends an answer and says in the same breath that it is tired of waiting."""
    tired = b"HTTP/1.1 408 Request Timeout\r\nContent-Length: 0\r\n\r\n"
    request.send(STREAM + chunked(GOOD) + b"0\r\n\r\n" + tired)
    return True


@behaviour
def closed_late_on_reuse(request):
    """Answers a connection's first request, and closes on the second one after it has kept it for a while."""
    if request.ordinal == 1:
        request.send(whole(GOOD))
        return True
    request.pause(0.6)


@behaviour
def reset_unanswered(request):
    request.reset()


@behaviour
def closed_unanswered(request):
    pass


@behaviour
def nothing_like_http(request):
    request.send(b"\x15\x03\x03\x00\x02\x02\x46 this is not HTTP at all, not even its first line\r\n\r\n")


@behaviour
def short_of_length(request):
    request.send(head(Content_Length=10_000) + TOKEN)


@behaviour
def beyond_length(request):
    request.send(head(Content_Length=len(TOKEN)) + GOOD)


@behaviour
def empty(request):
    request.send(whole(b""))
    return True


@behaviour
def no_content(request):
    request.send(b"HTTP/1.1 204 No Content\r\n\r\n")
    return True


@behaviour
def json_error(request):
    body = json.dumps({"error": {"message": "Overloaded, come back later", "type": "overloaded_error"}}).encode()
    request.send(whole(body, kind="application/json"))
    return True


@behaviour
def not_streamed(request):
    answer = {"id": "c-1", "choices": [{"index": 0, "message": {"content": "hi"}, "finish_reason": "stop"}]}
    request.send(whole(json.dumps(answer).encode(), kind="application/json"))
    return True


@behaviour
def gzipped(request):
    request.send(whole(gzip.compress(GOOD), Content_Encoding="gzip"))
    return True


@behaviour
def redirected(request):
    request.send(whole(b"", 307, Location=f"http://127.0.0.1:{PORT}/good/v1/chat/completions"))
    return True


@behaviour
def rate_limited(request):
    body = b'{"error":{"message":"Slow down","type":"rate_limit_error"}}'
    request.send(whole(body, 429, "application/json", Retry_After="17"))
    return True


def refused_first(request, times, status, **headers):
    """Refuses a request's first attempts, by its id, and answers the next one."""
    name = request.fields["x-request-id"].split(".")[0]
    with LOCK:
        TRIES[name] = TRIES.get(name, 0) + 1
    if TRIES[name] > times:
        request.send(whole(GOOD))
    else:
        request.send(whole(b'{"error":{"message":"Slow down"}}', status, "application/json", **headers))
    return True


@behaviour
def limited_once(request):
    return refused_first(
        request, 1, 429, retry_after_ms="250", Retry_After="9", x_ratelimit_limit_requests="60",
        x_ratelimit_remaining_requests="0", x_ratelimit_reset_requests="250ms")


@behaviour
def overloaded_twice(request):
    return refused_first(request, 2, 503)


@behaviour
def limited_for_a_minute(request):
    return refused_first(request, 9, 429, Retry_After="60")


@behaviour
def told_not_to_retry(request):
    return refused_first(request, 1, 500, x_should_retry="false")


@behaviour
def two_servers(request):
    """Answers in turn as two versions of a model behind two providers, one of them with a warm cache."""
    with LOCK:
        TRIES["two"] = TRIES.get("two", 0) + 1
    name = "ab"[TRIES["two"] % 2]
    usage = {"prompt_tokens": 100, "completion_tokens": 3, "prompt_tokens_details": {"cached_tokens": 80}}
    identity = {"model": f"m-{name}", "system_fingerprint": f"fp-{name}"}
    last = {**identity, "choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}], "usage": usage}
    request.pause(0.01)
    request.send(whole(chunk_of({"content": "word "}, **identity) * 3 + event(last) + DONE))
    return True


@behaviour
def boasting(request):
    """Claims to have taken a second, which the client did not see."""
    timings = {"prompt_ms": 1000.0, "predicted_ms": 1.0}
    last = {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}], "timings": timings}
    request.send(whole(TOKEN * 3 + event(last) + DONE, openai_processing_ms="1"))
    return True


@behaviour
def early_hints(request):
    request.send(b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n")
    request.pause()
    request.send(whole(GOOD))
    return True


@behaviour
def open_after_end(request):
    request.send(STREAM + chunked(GOOD))
    request.wait_for_client()


@behaviour
def deep_json(request):
    request.send(STREAM + chunked(TOKEN))
    request.pause()
    request.send(chunked(b"data: " + b"[" * 10_000 + b"\n\n") + chunked(TOKEN + FINISH + DONE) + b"0\r\n\r\n")
    return True


@behaviour
def burst(request):
    request.send(whole(TOKEN * 50_000 + FINISH + DONE))
    return True


@behaviour
def good(request):
    request.send(whole(GOOD))
    return True


# What follows sends the key back that it was given.


@behaviour
def echo_error(request):
    body = json.dumps({"error": {"message": f"Incorrect API key provided: {request.secret}", "type": "auth"}}).encode()
    request.send(whole(body, 401, "application/json", **echoing_headers(request.secret)))
    return True


@behaviour
def echo_escaped(request):
    secret = json.dumps(request.secret).replace("/", "\\/")
    body = b'{"error":{"message":' + secret.encode() + b',"type":"auth"}}'
    request.send(whole(body, 401, "application/json"))
    return True


@behaviour
def echo_html(request):
    request.send(whole(f"<html><body>{request.secret}</body></html>".encode(), kind="text/html"))
    return True


@behaviour
def echo_cut(request):
    """So long before the key that shortening the message cuts the key in two."""
    message = "x" * (500 - 10) + request.secret
    body = json.dumps({"error": {"message": message, "type": "server_error"}}).encode()
    request.send(whole(body, 500, "application/json"))
    return True


@behaviour
def echo_event(request):
    body = TOKEN + event({"error": {"message": f"no rights: {request.secret}", "type": f"{request.secret}"}}) + DONE
    request.send(whole(body))
    return True


@behaviour
def echo_stream(request):
    secret = request.secret
    identity = {"id": secret, "model": secret, "system_fingerprint": secret}
    last = {**identity, "timings": {secret: secret}, "choices": [{"index": 0, "delta": {}, "finish_reason": secret}]}
    body = chunk_of({"content": f"Your key is {secret}."}, **identity) + event(last) + DONE
    request.send(whole(body, **echoing_headers(secret)))
    return True


@behaviour
def long_answer(request):
    """More than is kept of a body."""
    request.send(whole(chunk_of({"content": "x" * 100_000}) * 180 + FINISH + DONE))
    return True


@behaviour
def echo_identifier(request):
    """In the fields of server-sent events that are not data, and in a comment."""
    secret = request.secret.encode()
    body = b": " + secret + b"\nid: " + secret + b"\n" + TOKEN + b"event: " + secret + b"\ndata: {}\n\n"
    request.send(whole(body + FINISH + DONE))
    return True


@behaviour
def echo_fields(request):
    """All that the request's header says, in the way of AWS's errors."""
    body = json.dumps({"message": " ".join(reversed(request.fields.values()))}).encode()
    request.send(whole(body, 403, "application/json"))
    return True


def broken_stream(request, first, then):
    """Breaks a stream off after an event with an id, and answers who comes back for the rest."""
    if "last-event-id" not in request.fields:
        request.send(STREAM + chunked(b"retry: 50\n\n" + first))
    else:
        request.send(then)


@behaviour
def breaks_off(request):
    """Each connection brings one event more, without end."""
    event_id = int(request.fields.get("last-event-id", "0")) + 1
    request.send(STREAM + chunked(b"retry: 50\nid: %d\n" % event_id + TOKEN))


@behaviour
def breaks_inside_event(request):
    """The id of an event that was cut is not the id of the last event."""
    rest = b"id: 2\n" + TOKEN + b"id: 3\n" + TOKEN + FINISH + DONE
    broken_stream(request, b"id: 1\n" + TOKEN + b"id: 2\n" + TOKEN[:20], STREAM + chunked(rest) + b"0\r\n\r\n")


@behaviour
def breaks_and_repeats(request):
    """What comes again bears the id and the text that it had; a further event has an old id and another text."""
    first = b"".join(b"id: %d\n" % number + TOKEN for number in (1, 2, 3))
    again = b"id: 2\n" + TOKEN + b"id: 3\n" + TOKEN + TOKEN + b"id: 4\n" + TOKEN
    other = b"id: 1\n" + TOKEN.replace(b"content", b"reasoning")
    broken_stream(request, first, STREAM + chunked(again + other + FINISH + DONE) + b"0\r\n\r\n")


@behaviour
def breaks_into_html(request):
    broken_stream(request, b"id: 1\n" + TOKEN, whole(b"data: hello\n\n", 200, "text/html"))


@behaviour
def breaks_without_id(request):
    request.send(STREAM + chunked(b"retry: 50\n\n" + TOKEN))


@behaviour
def breaks_after_done(request):
    request.send(STREAM + chunked(b"retry: 50\nid: 1\n" + GOOD))


@behaviour
def breaks_for_good(request):
    broken_stream(request, b"id: 1\n" + TOKEN, b"HTTP/1.1 204 No Content\r\n\r\n")


@behaviour
def breaks_then_fails(request):
    broken_stream(request, b"id: 1\n" + TOKEN, whole(b'{"error": {"message": "gone"}}', 503, "application/json"))


@behaviour
def breaks_then_begins_anew(request):
    anew = GOOD.replace(b'"c-1"', b'"c-2"')
    broken_stream(request, b"id: 1\n" + TOKEN, STREAM + chunked(b"id: 1\n" + anew) + b"0\r\n\r\n")


def echoing_headers(secret):
    return {"X_Request_Id": secret, "Via": f"Bearer {secret}", "X_Ratelimit_Key": secret, "Authorization": secret}


def read_request(reader):
    line = reader.readline().decode("latin-1").split()
    fields = {}
    while field := reader.readline().strip().decode("latin-1"):
        name, _, value = field.partition(":")
        fields[name.lower()] = value.strip()
    if len(line) > 1:
        if not line[1].startswith("/never-reads/"):
            reader.read(int(fields.get("content-length", 0)))
        return line[1], fields


def serve(connection, number):
    reader = connection.makefile("rb")
    ordinal = 0
    try:
        with connection:
            while found := read_request(reader):
                ordinal += 1
                path, fields = found
                name = path.split("/")[1]
                with LOCK:
                    LOG.write(json.dumps({"behaviour": name, "connection": number, "ordinal": ordinal, **fields}) + "\n")
                    LOG.flush()
                request = Request(connection, number, ordinal, fields, path)
                if not BEHAVIOURS[name](request):
                    break
            # The socket closes with its last reference.
            reader.close()
    except OSError:
        pass


def listen():
    number = 0
    while True:
        connection, _ = LISTENER.accept()
        number += 1
        threading.Thread(target=serve, args=(connection, number), daemon=True).start()


LOCK = threading.Lock()
LOG = open(sys.argv[1], "a", encoding="utf-8")
LISTENER = socket.create_server(("127.0.0.1", 0), backlog=128)
PORT = LISTENER.getsockname()[1]
print(f"http://127.0.0.1:{PORT}", flush=True)
threading.Thread(target=listen, daemon=True).start()
sys.stdin.read()
os._exit(0)
