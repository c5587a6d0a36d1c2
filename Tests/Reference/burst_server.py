"""Streams chat completions in bursts of several events, as a buffering proxy does.

Prints its address, and ends when its input does.

    python3 Tests/Reference/burst_server.py --bursts 6 --events 5 --pause-ms 20

Every event carries one token of the same length. Each burst is one send, hence one segment.
"""

import argparse
import json
import socket
import sys
import threading
import time

ANSWER = {"id": "burst", "object": "chat.completion.chunk", "created": 0, "model": "burst"}
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"


def event(members: dict) -> bytes:
    return b"data: " + json.dumps(ANSWER | members).encode() + b"\n\n"


def chunk(body: bytes) -> bytes:
    return b"%x\r\n%s\r\n" % (len(body), body)


def content(ordinal: int) -> bytes:
    delta = {"content": f"tok{ordinal:04d} "}
    return event({"choices": [{"index": 0, "delta": delta, "finish_reason": None}]})


def read_request(stream) -> bool:
    """Reads a request to its end; False where there is none any more."""
    if not stream.readline():
        return False
    length = 0
    while (line := stream.readline()) not in (b"\r\n", b""):
        name, _, value = line.partition(b":")
        if name.lower() == b"content-length":
            length = int(value)
    stream.read(length)
    return True


def serve(connection: socket.socket, settings: argparse.Namespace) -> None:
    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    tokens = settings.bursts * settings.events
    usage = {"prompt_tokens": 1, "completion_tokens": tokens, "total_tokens": tokens + 1}
    end = event({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
    end += event({"choices": [], "usage": usage}) + b"data: [DONE]\n\n"
    with connection, connection.makefile("rb") as stream:
        while read_request(stream):
            connection.sendall(HEAD)
            for first in range(0, tokens, settings.events):
                time.sleep(settings.pause_ms / 1000)
                connection.sendall(chunk(b"".join(content(first + offset) for offset in range(settings.events))))
            time.sleep(settings.pause_ms / 1000)
            connection.sendall(chunk(end) + b"0\r\n\r\n")


def accept(listener: socket.socket, settings: argparse.Namespace) -> None:
    while True:
        connection, _ = listener.accept()
        threading.Thread(target=serve, args=(connection, settings), daemon=True).start()


def main() -> None:
    parser = argparse.ArgumentParser(description="Stream chat completions in bursts.")
    parser.add_argument("--bursts", type=int, default=6)
    parser.add_argument("--events", type=int, default=5)
    parser.add_argument("--pause-ms", type=float, default=20)
    settings = parser.parse_args()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        threading.Thread(target=accept, args=(listener, settings), daemon=True).start()
        print(f"http://127.0.0.1:{listener.getsockname()[1]}", flush=True)
        sys.stdin.read()


if __name__ == "__main__":
    main()
