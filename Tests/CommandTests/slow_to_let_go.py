"""A model server with four slots that goes on for a while after its client has left: slow_to_let_go.py LINGER LOG [KEY]

It makes a token every 20 ms and notices a client that has left at its next token; from there on it works for LINGER seconds
more. /slots tells of it as llama.cpp does, /metrics in Prometheus' text format. LOG gets a JSON line for each request that
was not read to its end: when the slot was free again, and when each token was made, by CLOCK_MONOTONIC.
With KEY nothing is answered without it; /never is not answered at all. Prints its port, and ends when its
input does.
"""

import http.server
import json
import sys
import threading
import time

LINGER, LOG = float(sys.argv[1]), open(sys.argv[2], "a", buffering=1)
KEY = sys.argv[3] if len(sys.argv) > 3 else None
GAP = 0.02
lock = threading.Lock()
slots = [{"id": index, "is_processing": False} for index in range(4)]
tasks = 0
generated = 0


class Server(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_GET(self):
        if self.path == "/never":
            time.sleep(60)
        if self.refuses():
            return
        with lock:
            busy = sum(slot["is_processing"] for slot in slots)
            if self.path == "/slots":
                body = json.dumps(slots)
            else:
                body = (
                    "# TYPE running gauge\n"
                    f'running{{engine="0",name="a}} b"}} {busy}\nrunning{{engine="1"}} 0\n'
                    f"# TYPE generated_total counter\ngenerated_total {generated} 1700000000000\nother NaN\n"
                )
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body.encode())

    def refuses(self):
        if KEY is None or self.headers["Authorization"] == f"Bearer {KEY}":
            return False
        self.send_response(401)
        self.send_header("Content-Length", "0")
        self.end_headers()
        return True

    def do_POST(self):
        global tasks
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
        if self.refuses():
            return
        with lock:
            slot = next(slot for slot in slots if not slot["is_processing"])
            tasks += 1
            slot.update(is_processing=True, id_task=tasks, next_token=[{"n_decoded": 0}])
        self.send_response(200)
        self.send_header("Content-Type", "text/event-stream")
        self.send_header("Connection", "close")
        self.end_headers()
        self.close_connection = True
        left = None
        made = []
        due = time.monotonic()
        for _ in range(request.get("max_tokens", 500)):
            due += GAP
            time.sleep(max(0, due - time.monotonic()))
            if left and time.monotonic() - left >= LINGER:
                break
            self.count(slot)
            made.append(time.monotonic_ns())
            if left is None and not self.send({"delta": {"content": "a "}}):
                left = time.monotonic()
        if left is None:
            self.send({"delta": {}, "finish_reason": "stop"})
            self.wfile.write(b"data: [DONE]\n\n")
        with lock:
            # As the real server: a slot that is done tells of no tokens.
            slot.update(is_processing=False, next_token=[{"n_decoded": 0}])
        if left is not None:
            LOG.write(json.dumps({"freed_ns": time.monotonic_ns(), "made_ns": made}) + "\n")

    def count(self, slot):
        global generated
        with lock:
            slot["next_token"][0]["n_decoded"] += 1
            generated += 1

    def send(self, choice):
        try:
            self.wfile.write(b"data: %s\n\n" % json.dumps({"choices": [{"index": 0, **choice}]}).encode())
            return True
        except OSError:
            return False

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Server)
server.daemon_threads = True
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_port, flush=True)
sys.stdin.read()
