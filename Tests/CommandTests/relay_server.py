"""A relay for event streams, in one of several manners: python relay_server.py MANNER UPSTREAM

pass   hands on what has come, at once
delay  the same 20 ms later
join   hands on eight reads together
hold   hands on the whole answer at its end

Prints its port, and ends when its input does.
"""

import http.client
import http.server
import queue
import sys
import threading
import time
import urllib.parse

MANNER, UPSTREAM = sys.argv[1], urllib.parse.urlsplit(sys.argv[2])


class Relay(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        upstream = http.client.HTTPConnection(UPSTREAM.hostname, UPSTREAM.port)
        upstream.request("POST", self.path, body, {"Content-Type": "application/json"})
        answer = upstream.getresponse()
        self.send_response(answer.status)
        self.send_header("Content-Type", answer.getheader("Content-Type"))
        self.send_header("Via", "1.1 relay")
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        held = []
        late = queue.Queue()
        writer = threading.Thread(target=self.write_later, args=(late,))
        writer.start()
        while part := answer.read1(65536):
            if MANNER == "delay":
                late.put((time.monotonic() + 0.02, part))
            elif MANNER == "pass":
                self.chunk(part)
            else:
                held.append(part)
                if MANNER == "join" and len(held) == 8:
                    self.chunk(b"".join(held))
                    held = []
        late.put((0, b""))
        writer.join()
        if held:
            self.chunk(b"".join(held))
        self.wfile.write(b"0\r\n\r\n")
        upstream.close()

    def write_later(self, parts):
        while True:
            due, part = parts.get()
            if not part:
                return
            time.sleep(max(0, due - time.monotonic()))
            self.chunk(part)

    def chunk(self, part):
        self.wfile.write(b"%x\r\n%s\r\n" % (len(part), part))
        self.wfile.flush()

    def log_message(self, *_):
        pass


server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Relay)
server.daemon_threads = True
threading.Thread(target=server.serve_forever, daemon=True).start()
print(server.server_port, flush=True)
sys.stdin.read()
