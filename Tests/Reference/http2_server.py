"""A ground-truth server of HTTP/2 over TLS, for what refserver cannot speak; needs the Python package h2.

    python3 Tests/Reference/http2_server.py --port P --certificate FILE --key FILE --log FILE
        [--ttft-ms 100] [--itl-ms 20] [--sigma 0.3] [--tokens 40] [--seed 1]

Answers every POST as an OpenAI chat stream, one DATA frame and one TLS record per event, on an absolute schedule: the first
token after an exponential time, the gaps log-normal. Its log has refserver's names for what truth.py reads; an instant is
taken just before the send() of its record. One thread a connection: for some thousand events a second.
"""

import argparse
import heapq
import json
import random
import select
import socket
import ssl
import threading
import time

import h2.config
import h2.connection
import h2.events
import h2.exceptions
import h2.settings


class Answer:
    """One stream, from the request's last byte to its end."""

    def __init__(self, request_id: str, settings: argparse.Namespace, generator: random.Random):
        self.id, self.body_ns = request_id, time.monotonic_ns()
        due = self.body_ns + generator.expovariate(1 / settings.ttft_ms) * 1e6
        shift = -settings.sigma**2 / 2
        self.dues = []
        for _ in range(settings.tokens):
            self.dues.append(round(due))
            due += settings.itl_ms * 1e6 * generator.lognormvariate(shift, settings.sigma)
        self.sends, self.done = [], None

    def log_line(self) -> str:
        first = self.sends[0]
        offsets = [send - first for send in self.sends]
        return json.dumps(
            {"id": self.id, "body_ns": self.body_ns, "first_ns": first, "off_ns": offsets, "done_ns": self.done}
        )


class Encryption:
    """TLS on a socket, in which a record is made before the instant of its send is taken."""

    def __init__(self, plain: socket.socket, context: ssl.SSLContext):
        self.plain, self.received, self.made = plain, ssl.MemoryBIO(), ssl.MemoryBIO()
        self.tls = context.wrap_bio(self.received, self.made, server_side=True)
        while True:
            try:
                self.tls.do_handshake()
                self.send()
                return
            except ssl.SSLWantReadError:
                self.send()
                self.receive()

    def send(self, data: bytes = b"") -> int:
        """Sends data as one record; returns when."""
        if data:
            self.tls.write(data)
        record = self.made.read()
        instant = time.monotonic_ns()
        self.plain.sendall(record)
        return instant

    def receive(self) -> None:
        data = self.plain.recv(65536)
        if not data:
            raise ConnectionError("the client has left")
        self.received.write(data)

    def read(self) -> bytes:
        """What waits to be read in the socket, decrypted."""
        self.receive()
        data = b""
        while True:
            try:
                data += self.tls.read(65536)
            except ssl.SSLWantReadError:
                return data


class Connection:
    """One client's connection with its streams and their schedule."""

    def __init__(self, tls: Encryption, settings: argparse.Namespace, log: "Log"):
        self.tls, self.settings, self.log = tls, settings, log
        configuration = h2.config.H2Configuration(client_side=False, header_encoding="utf-8", validate_inbound_headers=False)
        self.http = h2.connection.H2Connection(configuration)
        self.requests, self.answers, self.due = {}, {}, []
        self.http.initiate_connection()
        # As many streams as the client likes to have, on this one connection.
        self.http.update_settings({h2.settings.SettingCodes.MAX_CONCURRENT_STREAMS: 1000})
        self.flush()

    def flush(self) -> None:
        self.tls.send(self.http.data_to_send())

    def serve(self) -> None:
        while True:
            now = time.monotonic_ns()
            while self.due and self.due[0][0] <= now:
                self.send_next(heapq.heappop(self.due)[1])
            wait = max(0.0, (self.due[0][0] - time.monotonic_ns()) / 1e9) if self.due else 1.0
            if not select.select([self.tls.plain], [], [], wait)[0]:
                continue
            for event in self.http.receive_data(self.tls.read()):
                self.take(event)
            self.flush()

    def take(self, event) -> None:
        if isinstance(event, h2.events.RequestReceived):
            self.requests[event.stream_id] = dict(event.headers).get("x-request-id", "")
        elif isinstance(event, h2.events.DataReceived):
            self.http.acknowledge_received_data(event.flow_controlled_length, event.stream_id)
        elif isinstance(event, h2.events.StreamEnded):
            answer = Answer(self.requests.pop(event.stream_id), self.settings, self.log.generator)
            self.answers[event.stream_id] = answer
            self.http.send_headers(event.stream_id, [(":status", "200"), ("content-type", "text/event-stream")])
            heapq.heappush(self.due, (answer.dues[0], event.stream_id))
        elif isinstance(event, h2.events.StreamReset):
            self.answers.pop(event.stream_id, None)

    def send_next(self, stream: int) -> None:
        answer = self.answers.get(stream)
        if answer is None:
            return
        if len(answer.sends) < len(answer.dues):
            self.http.send_data(stream, event({"delta": {"content": " w"}, "finish_reason": None}))
            answer.sends.append(self.tls.send(self.http.data_to_send()))
            following = len(answer.sends)
            heapq.heappush(self.due, (answer.dues[following] if following < len(answer.dues) else 0, stream))
            return
        self.http.send_data(stream, event({"delta": {}, "finish_reason": "stop"}))
        self.flush()
        self.http.send_data(stream, b"data: [DONE]\n\n", end_stream=True)
        answer.done = self.tls.send(self.http.data_to_send())
        self.log.write(self.answers.pop(stream).log_line())


def event(choice: dict) -> bytes:
    chunk = {"id": "c", "object": "chat.completion.chunk", "model": "ref", "choices": [{"index": 0, **choice}]}
    return b"data: " + json.dumps(chunk).encode() + b"\n\n"


class Log:
    """The lines of all connections, and the numbers drawn for them."""

    def __init__(self, settings: argparse.Namespace):
        self.file = open(settings.log, "w", encoding="utf-8")
        self.lock = threading.Lock()
        self.generator = random.Random(settings.seed)

    def write(self, line: str) -> None:
        with self.lock:
            self.file.write(line + "\n")
            self.file.flush()


def serve(plain: socket.socket, context: ssl.SSLContext, settings: argparse.Namespace, log: Log) -> None:
    plain.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    try:
        with plain:
            Connection(Encryption(plain, context), settings, log).serve()
    except (OSError, ssl.SSLError, h2.exceptions.ProtocolError):
        pass  # the client has left


def main() -> None:
    parser = argparse.ArgumentParser(description="A ground-truth server of HTTP/2 over TLS.")
    for name in ("--certificate", "--key", "--log"):
        parser.add_argument(name, required=True)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--ttft-ms", type=float, default=100)
    parser.add_argument("--itl-ms", type=float, default=20)
    parser.add_argument("--sigma", type=float, default=0.3)
    parser.add_argument("--tokens", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    settings = parser.parse_args()
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(settings.certificate, settings.key)
    context.set_alpn_protocols(["h2"])
    log = Log(settings)
    with socket.create_server(("127.0.0.1", settings.port), backlog=128) as listener:
        while True:
            plain, _ = listener.accept()
            threading.Thread(target=serve, args=(plain, context, settings, log), daemon=True).start()


if __name__ == "__main__":
    main()
