"""What is checked of ttft serve; every command prints what is wrong, or nothing.

    serve_checks.py follow TTFT SCENARIO DATABASE [PICTURE]  a browser follows a run, is cut off, and resumes
    serve_checks.py resume TTFT SCENARIO DATABASE            the same by sockets, cut after every few bytes
    serve_checks.py guard TTFT DATABASE                      who and what is refused
    serve_checks.py play TTFT DATABASE FOLDER [PICTURE]      a browser asks targets and watches them
"""

import base64
import http.client
import json
import os
import random
import re
import socket
import sqlite3
import statistics
import subprocess
import sys
import threading
import time


class Serve:
    """ttft serve as a process, on a free port."""

    def __init__(self, tool, database, *arguments, environment=None):
        self.process = subprocess.Popen(
            [tool, "serve", "--db", database, "--listen", "127.0.0.1:0", *arguments], stdout=subprocess.PIPE, text=True,
            stderr=subprocess.PIPE, env={**os.environ, **(environment or {})})
        line = self.process.stdout.readline()
        if "http://" not in line:
            raise SystemExit(f"serve did not start: {line}{self.process.stderr.read()}")
        self.port = int(line.strip().rstrip("/").rsplit(":", 1)[1])

    def get(self, path, method="GET", headers=None):
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=20)
        connection.request(method, path, headers=headers or {})
        response = connection.getresponse()
        return response, response.read().decode()

    def raw(self, data, seconds=15):
        with socket.create_connection(("127.0.0.1", self.port), timeout=seconds) as connection:
            connection.sendall(data)
            answer = b""
            try:
                while part := connection.recv(65536):
                    answer += part
            except OSError:
                pass
            return answer

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.terminate()
        self.process.wait(10)
        self.errors = self.process.stderr.read()


class Proxy:
    """Carries bytes between a client and a server, and can cut all connections at once by resets."""

    def __init__(self, port):
        self.target = port
        self.pairs = []
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            client, _ = self.listener.accept()
            server = socket.create_connection(("127.0.0.1", self.target))
            self.pairs.append((client, server))
            for source, sink in [(client, server), (server, client)]:
                threading.Thread(target=self.carry, args=(source, sink), daemon=True).start()

    @staticmethod
    def carry(source, sink):
        try:
            while part := source.recv(4096):
                sink.sendall(part)
            sink.shutdown(socket.SHUT_WR)
        except OSError:
            pass

    def cut(self):
        pairs, self.pairs = self.pairs, []
        for pair in pairs:
            for end in pair:
                try:
                    end.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\1\0\0\0\0\0\0\0")
                    end.shutdown(socket.SHUT_RDWR)
                    end.close()
                except OSError:
                    pass


def start_run(tool, scenario, database):
    """Starts a run and waits until its first rows are there; returns its process and its id."""
    process = subprocess.Popen(
        [tool, "run", scenario, "--db", database, "--allow-client-limited", "--quiet"], stdout=subprocess.DEVNULL)
    for _ in range(400):
        time.sleep(0.05)
        try:
            rows = sqlite3.connect(f"file:{database}?mode=ro", uri=True).execute(
                "SELECT run_id FROM requests JOIN runs ON id = run_id WHERE status = 'unfinished' LIMIT 1").fetchall()
        except sqlite3.OperationalError:
            continue
        if rows:
            return process, rows[0][0]
    raise SystemExit("the run does not begin")


def stored(database, run):
    return [row for row, in sqlite3.connect(database).execute("SELECT rowid FROM requests WHERE run_id = ? ORDER BY rowid", [run])]


def differences(ids, rows):
    wrong = []
    if ids != rows:
        doubled = len(ids) - len(set(ids))
        wrong.append(f"{len(ids)} events came for {len(rows)} rows: {len(set(rows) - set(ids))} lost, {doubled} doubled")
    return wrong


def follow(tool, scenario, database, picture=None):
    from browser import Browser
    process, run = start_run(tool, scenario, database)
    wrong = []
    with Serve(tool, database) as serve, Browser() as browser:
        proxy = Proxy(serve.port)
        origin = f"http://127.0.0.1:{proxy.port}"
        browser.visit(f"{origin}/")
        link = browser.evaluate("document.querySelector('tbody a').getAttribute('href')")
        if link != f"/runs/{run}/live":
            wrong.append(f"the list's first run leads to {link}")
        browser.visit(f"{origin}{link}")
        cuts = 0
        generator = random.Random(7)
        while process.poll() is None:
            time.sleep(generator.uniform(0.8, 2.5))
            before = browser.evaluate("ttftLive.connections")
            proxy.cut()
            cuts += 1
            for _ in range(100):
                if browser.evaluate("ttftLive.connections") > before or browser.evaluate("ttftLive.isOver"):
                    break
                time.sleep(0.05)
            if cuts == 4 and picture:
                time.sleep(1)
                browser.screenshot(picture)
        for _ in range(200):
            if browser.evaluate("ttftLive.isOver"):
                break
            time.sleep(0.05)
        wrong += differences(browser.evaluate("ttftLive.ids"), stored(database, run))
        connections = browser.evaluate("ttftLive.connections")
        if connections < 4:
            wrong.append(f"only {connections} connections were made, so that little was cut")
        counts = browser.evaluate("document.getElementById('counts').textContent")
        measured, = sqlite3.connect(database).execute(
            "SELECT count(*) FROM requests WHERE run_id = ? AND phase = 'measured'", [run]).fetchone()
        if not counts.startswith(f"{measured} done, "):
            wrong.append(f"'{counts}' for {measured} measured attempts")
        if browser.evaluate("document.getElementById('state').textContent") != "The run is finished":
            wrong.append("the page does not say that the run is over")
        # What a cut connection makes the browser say is not a fault of the page.
        wrong += [text for text in browser.complaints if "net::ERR_" not in text and "Failed to load resource" not in text]
        wrong += [url for url in browser.requests if not url.startswith((origin, "data:"))]
        browser.visit(f"{origin}/runs/{run}")
        if run not in browser.evaluate("document.body.textContent"):
            wrong.append("the report does not name its run")
        if picture:
            browser.screenshot(picture.replace(".png", "-over.png"))
    return wrong


def resume(tool, scenario, database):
    process, run = start_run(tool, scenario, database)
    wrong, ids, connections, done = [], [], 0, False
    generator = random.Random(11)
    with Serve(tool, database) as serve:
        while not done:
            connections += 1
            last = f"Last-Event-ID: {ids[-1]}\r\n" if ids else ""
            budget = generator.choice([300, 1000, 5000, 20000])
            with socket.create_connection(("127.0.0.1", serve.port), timeout=20) as connection:
                connection.sendall(f"GET /runs/{run}/events HTTP/1.1\r\nHost: localhost\r\n{last}\r\n".encode())
                text = b""
                while len(text) < budget and (part := connection.recv(budget - len(text))):
                    text += part
            # Half an event is none, as for every client of server-sent events.
            for event in text.decode(errors="replace").split("\n\n")[:-1]:
                fields = dict(line.split(": ", 1) for line in event.splitlines() if ": " in line)
                if "id" in fields:
                    ids.append(int(fields["id"]))
                    json.loads(fields["data"])
                done = done or fields.get("event") == "end"
        wrong += differences(ids, stored(database, run))
        if connections < 10:
            wrong.append(f"only {connections} connections")
        threads = len(os.listdir(f"/proc/{serve.process.pid}/task"))
        if threads > 4:
            time.sleep(2)
            threads = len(os.listdir(f"/proc/{serve.process.pid}/task"))
            if threads > 4:
                wrong.append(f"{threads} threads are left after all clients have gone")
    process.wait()
    return wrong


def expect(wrong, name, status, expected):
    if status != expected:
        wrong.append(f"{name}: {status}, not {expected}")


def guard(tool, database):
    wrong = []
    run, = sqlite3.connect(database).execute("SELECT id FROM runs LIMIT 1").fetchone()
    before = sqlite3.connect(database).execute("SELECT count(*), max(length(tags)) FROM runs").fetchone()
    with Serve(tool, database) as serve:
        response, text = serve.get("/")
        expect(wrong, "the list", response.status, 200)
        for name, value in [("X-Content-Type-Options", "nosniff"), ("Cache-Control", "no-store"), ("X-Frame-Options", "DENY")]:
            expect(wrong, name, response.headers[name], value)
        for path in ["/", f"/runs/{run}", f"/runs/{run}/live", "/style.css", "/live.js", "/nothing"]:
            policy = serve.get(path)[0].headers["Content-Security-Policy"] or ""
            if not policy.startswith("default-src 'none'") or "unsafe" in policy or "frame-ancestors 'none'" not in policy:
                wrong.append(f"{path}: {policy}")
        for host, status in [("evil.example", 421), ("127.0.0.1.evil.example", 421), ("localhost:1", 200), ("[::1]:80", 200),
                             ("10.1.2.3", 200), ("", 421)]:
            expect(wrong, f"Host {host}", serve.get("/", headers={"Host": host})[0].status, status)
        for method in ["POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT"]:
            expect(wrong, method, serve.get("/", method)[0].status, 405)
        head, body = serve.get("/", "HEAD")
        if body or int(head.headers["Content-Length"]) != len(text.encode()):
            wrong.append("HEAD is not as GET without a body")
        for path in ["/../../etc/passwd", "/..%2f..%2fetc/passwd", "/runs/..%2f..", "/runs/nobody", "/runs//events", "//",
                     f"/runs/{run}/tags", "/%00", f"/runs/{run}%00"]:
            expect(wrong, path, serve.get(path)[0].status, 404)
        for path in ["/%zz", "/%f", "/%ff", "/compare", "/compare?run=a" + "&run=b" * 9, f"/compare?run={run}&run={run}"]:
            expect(wrong, path, serve.get(path)[0].status, 400)
        hostile = serve.get("/runs/%3Cscript%3E%1b[2J")
        if hostile[0].status != 404 or "\x1b" in hostile[1] or "text/plain" not in hostile[0].headers["Content-Type"]:
            wrong.append(f"a hostile name: {hostile[1]!r}")
        for name, data, start in [
            ("a large head", b"GET / HTTP/1.1\r\nHost: localhost\r\nX: " + b"a" * 40_000 + b"\r\n\r\n", b"HTTP/1.1 431"),
            ("no HTTP", b"hello\r\n\r\n", b"HTTP/1.1 400"), ("no host", b"GET / HTTP/1.1\r\n\r\n", b"HTTP/1.1 421"),
            ("two hosts", b"GET / HTTP/1.1\r\nHost: localhost\r\nHost: localhost\r\n\r\n", b"HTTP/1.1 400"),
            ("a body", b"GET / HTTP/1.1\r\nHost: localhost\r\nContent-Length: 5\r\n\r\nhello", b"HTTP/1.1 413"),
            ("chunks", b"GET / HTTP/1.1\r\nHost: localhost\r\nTransfer-Encoding: chunked\r\n\r\n", b"HTTP/1.1 413"),
            ("half a head", b"GET / HTTP/1.1\r\nHo", b"HTTP/1.1 408"),
        ]:
            answer = serve.raw(data)
            if not answer.startswith(start):
                wrong.append(f"{name}: {answer[:60]!r}")
        silent = [socket.create_connection(("127.0.0.1", serve.port)) for _ in range(70)]
        expect(wrong, "a 71st connection", serve.get("/")[0].status, 503)
        for connection in silent:
            connection.close()
    with Serve(tool, database, "--token", environment={"TTFT_SERVE_TOKEN": "a-long-enough-token"}) as serve:
        basic = lambda token: {"Authorization": "Basic " + base64.b64encode(f"me:{token}".encode()).decode()}
        for name, headers, status in [
            ("none", {}, 401), ("wrong", basic("a-long-enough-tokeN"), 401), ("short", basic("a-long"), 401),
            ("longer", basic("a-long-enough-token-"), 401), ("empty", basic(""), 401), ("broken", {"Authorization": "Basic !"}, 401),
            ("basic", basic("a-long-enough-token"), 200), ("bearer", {"Authorization": "Bearer a-long-enough-token"}, 200),
        ]:
            expect(wrong, f"token {name}", serve.get("/", headers=headers)[0].status, status)
        expect(wrong, "events without a token", serve.get(f"/runs/{run}/events")[0].status, 401)
        with open(f"/proc/{serve.process.pid}/cmdline") as file:
            if "a-long-enough" in file.read():
                wrong.append("the token stands in the process list")
    if "a-long-enough" in serve.errors:
        wrong.append("the token stands in the log")
    for arguments, environment, status in [
        (["--listen", "0.0.0.0:0"], {}, 78), (["--listen", "0.0.0.0:0"], {"TTFT_SERVE_TOKEN": "short"}, 78),
        (["--listen", "localhost:0"], {}, 64), (["--listen", "127.0.0.1"], {}, 64), (["--db", database + "-none"], {}, 66),
    ]:
        result = subprocess.run([tool, "serve", "--db", database, *arguments], env={**os.environ, **environment},
                                capture_output=True, text=True, timeout=20)
        expect(wrong, f"{arguments}: {result.stderr}", result.returncode, status)
    if sqlite3.connect(database).execute("SELECT count(*), max(length(tags)) FROM runs").fetchone() != before:
        wrong.append("the database was changed")
    return wrong


class SpokenServer:
    """A server that streams given words, notes when it was asked and when it sent what, and who went away."""

    PIECES = {
        "plain": ["Hello", ",", " world", "\n", " and", " more"],
        "hostile": ["</script><img src=x onerror=alert(1)>", "\u202eright to left", "&amp;", "\u2028", "{\"a\": 1}", " end"],
    }

    def __init__(self):
        self.asked, self.sent, self.gone = {}, {}, {}
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            client, _ = self.listener.accept()
            threading.Thread(target=self.answer, args=(client,), daemon=True).start()

    def answer(self, client):
        data = b""
        while b"\r\n\r\n" not in data:
            data += client.recv(65536)
        head, body = data.split(b"\r\n\r\n", 1)
        length = next(int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-length"))
        while len(body) < length:
            body += client.recv(65536)
        request = json.loads(body)
        model = request["model"]
        self.asked[model] = (time.monotonic(), request)
        if model == "refused":
            answer = b'{"error": {"message": "the key test-key-4711-abcdef is wrong", "type": "auth"}}'
            client.sendall(b"HTTP/1.1 401 No\r\nContent-Type: application/json\r\nConnection: close\r\nContent-Length: "
                           + str(len(answer)).encode() + b"\r\n\r\n" + answer)
            return client.close()
        client.sendall(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n")
        self.sent[model] = []
        endless = model == "endless"
        pieces = self.PIECES.get(model, self.PIECES["plain"]) * (1000 if endless else 1)
        try:
            for piece in pieces:
                time.sleep(0.05)
                chunk = {"choices": [{"index": 0, "delta": {"content": piece}}]}
                self.sent[model].append(time.monotonic())
                client.sendall(f"data: {json.dumps(chunk)}\n\n".encode())
            stop = {"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]}
            client.sendall(f"data: {json.dumps(stop)}\n\ndata: [DONE]\n\n".encode())
        except OSError:
            self.gone[model] = time.monotonic()
        client.close()


def gaps(times):
    return [after - before for before, after in zip(times, times[1:])]


def play(tool, database, folder, picture=None):
    from browser import Browser
    server = SpokenServer()
    scenario = os.path.join(folder, "play.yaml")
    with open(scenario, "w") as file:
        file.write("name: play\nprompts: [{text: Say something.}, {text: Or not.}]\nrequest: {max_output_tokens: 64}\n"
                   "load: {closed: {concurrency: 1}, requests: 1}\ntargets:\n")
        for name in ["plain", "hostile", "endless", "refused"]:
            file.write(f"  - {{name: {name}, api: openai-chat, base_url: \"http://127.0.0.1:{server.port}/v1\", model: {name}, "
                       "api_key_env: PLAY_KEY}\n")
        file.write("  - {name: simulated, simulate: {ttft: 80ms, gap: 5ms, tokens: 30}}\n"
                   "  - {name: thinking, simulate: {ttft: 20ms, gap: 10ms, tokens: 60, reasoning_tokens: 30}}\n")
    wrong = []
    environment = {"PLAY_KEY": "test-key-4711-abcdef"}
    with Serve(tool, database, "--scenario", scenario, environment=environment) as serve, Browser() as browser:
        origin = f"http://127.0.0.1:{serve.port}"
        browser.visit(f"{origin}/")
        if browser.evaluate("document.querySelector('nav a').getAttribute('href')") != "/play":
            wrong.append("the list does not lead to the playground")
        browser.visit(f"{origin}/play")
        source = browser.evaluate("document.documentElement.outerHTML")

        def choose(names):
            browser.evaluate("while (ttftPlay.panes.length < %d) document.getElementById('add').click()" % len(names))
            for index, name in enumerate(names):
                browser.evaluate(f"ttftPlay.panes[{index}].target.value = '{name}'")
            browser.evaluate("document.getElementById('start').click()")

        def finish():
            for _ in range(200):
                if not browser.evaluate("ttftPlay.panes.some(pane => pane.isBusy)"):
                    return
                time.sleep(0.05)
            wrong.append("a pane never ended")

        names = ["plain", "hostile", "simulated", "refused"]
        choose(names)
        finish()
        panes = browser.evaluate(
            "ttftPlay.panes.map(pane => ({text: pane.text, shown: pane.answer.textContent, state: pane.state.textContent,"
            " painted: pane.painted, figures: pane.figures, elements: pane.answer.querySelectorAll('*').length,"
            " way: pane.way.value, rows: Object.fromEntries([...pane.body.rows].map(row => [row.cells[0].textContent,"
            " [...row.cells].slice(1).map(cell => cell.textContent)]))}))")
        if picture:
            browser.screenshot(picture)
        for name, pane in zip(names[:2], panes):
            expected = "".join(server.PIECES[name])
            if pane["text"] != expected or pane["shown"] != expected or pane["elements"]:
                wrong.append(f"{name}: {pane['shown']!r} in {pane['elements']} elements")
            arrivals, sends = pane["figures"]["arrivals_ms"], server.sent[name]
            if len(arrivals) != len(sends) or len(pane["painted"]) != len(sends):
                wrong.append(f"{name}: {len(sends)} sent, {len(arrivals)} measured, {len(pane['painted'])} painted")
                continue
            # From the request's arrival at the server on: ttft counts from before it, and the page from before that.
            for send, arrival, paint in zip(sends, arrivals, pane["painted"]):
                truth = (send - server.asked[name][0]) * 1000
                if not truth <= arrival + 1 <= paint["received"] + 2 or paint["received"] > paint["time"]:
                    wrong.append(f"{name}: sent at {truth}, measured {arrival}, painted {paint} ms")
            # A piece is a token here: the server says nothing else.
            measured, seen = [statistics.median(gaps(times)) for times in [arrivals, [paint["time"] for paint in pane["painted"]]]]
            row = pane["rows"]["ITL p50, ms"]
            if abs(pane["figures"]["itl_p50_ms"] - measured) > 0.001 or abs(float(row[0]) - measured) > 0.05:
                wrong.append(f"{name}: ITL p50 {pane['figures']['itl_p50_ms']}, shown as {row}, not {measured}")
            if len({paint["time"] for paint in pane["painted"]}) == len(sends) and abs(float(row[1]) - seen) > 0.6:
                wrong.append(f"{name}: the page saw gaps of {seen} ms, and shows {row}")
            if pane["figures"]["ttft_ms"] != arrivals[0] or pane["state"] != "done":
                wrong.append(f"{name}: {pane['state']}, {pane['figures']}")
        if [pane["way"] for pane in panes[:2]] != ["fetch", "events"]:
            wrong.append("the first two panes are to stream in the two ways")
        simulated = panes[2]["figures"]
        if simulated["tokens"] != 30 or simulated["ttft_ms"] < 80 or not panes[2]["text"]:
            wrong.append(f"simulated: {simulated}")
        thinking = browser.evaluate(
            "(async () => { const pane = ttftPlay.panes[0], states = new Set(); pane.target.value = 'thinking';"
            "new MutationObserver(() => states.add(pane.state.textContent.split(',')[0])).observe(pane.state, {childList: true});"
            "const own = pane.start({prompt: 0}); await own;"
            "while (pane.isBusy) await new Promise(done => setTimeout(done, 20));"
            "return [[...states], [...pane.answer.querySelectorAll('.r')].map(part => part.textContent).join(''),"
            " pane.answer.textContent]; })()")
        if "thinking" not in thinking[0] or "streaming" not in thinking[0] or not thinking[1] or thinking[1] == thinking[2]:
            wrong.append(f"thoughts: {thinking}")
        if not panes[3]["state"].startswith("http_error") or "***" not in panes[3]["state"]:
            wrong.append(f"refused: {panes[3]['state']}")
        for name in names[:2]:
            if server.asked[name][1]["messages"][-1]["content"] != "Say something." or server.asked[name][1].get("stream") is not True:
                wrong.append(f"{name} was asked {server.asked[name][1]}")

        # Whoever goes away takes the request to the target with him, whichever way he came.
        for index in [0, 1]:
            server.gone.clear()
            choose(["endless" if place == index else "plain" for place in range(2)])
            time.sleep(0.5)
            browser.evaluate("document.getElementById('stop').click()")
            for _ in range(100):
                if "endless" in server.gone:
                    break
                time.sleep(0.05)
            else:
                wrong.append(f"the target of pane {index} was not told of the stop")
            finish()
        # A 204 or a refusal may be noted by the browser; nothing else may.
        wrong += [text for text in browser.complaints if "Failed to load resource" not in text]
        wrong += [url for url in browser.requests if not url.startswith((origin, "data:"))]
        if "4711" in source:
            wrong.append("the key is in the page")

        key = browser.evaluate("document.body.dataset.key")
        good = f"/play/stream?key={key}&target=plain&prompt=0"
        for name, path, headers, status in [
            ("a request without the key", "/play/stream?target=plain&prompt=0", {}, 403),
            ("a wrong key", good.replace(key, key[:-1] + "-"), {}, 403),
            ("another site", good, {"Sec-Fetch-Site": "cross-site"}, 403),
            ("another port", good, {"Sec-Fetch-Site": "same-site"}, 403),
            ("another origin", good, {"Origin": "http://evil.example"}, 403),
            ("another port's origin", good, {"Origin": "http://127.0.0.1:1"}, 403),
            ("an origin that hides", good, {"Origin": "null"}, 403),
            ("its own origin", good, {"Origin": origin}, 200),
            ("a reconnection", good, {"Last-Event-ID": "3"}, 204),
            ("an unknown target", good.replace("plain", "nobody"), {}, 404),
            ("no prompt", f"/play/stream?key={key}&target=plain", {}, 400),
            ("a prompt too many", good.replace("prompt=0", "prompt=2"), {}, 400),
            ("an empty prompt", good.replace("prompt=0", "text="), {}, 400),
            ("a long prompt", good.replace("prompt=0", "text=" + "a" * 9000), {}, 400),
            ("too many tokens", good + "&limit=65", {}, 400),
            ("an own prompt", good.replace("prompt=0", "text=Good+morning%2B") + "&limit=7", {}, 200),
        ]:
            expect(wrong, name, serve.get(path, headers=headers)[0].status, status)
        asked = server.asked["plain"][1]
        if asked["messages"][-1]["content"] != "Good morning+" or 7 not in asked.values():
            wrong.append(f"an own prompt was sent as {asked}")
        streams = [socket.create_connection(("127.0.0.1", serve.port)) for _ in range(8)]
        for stream in streams:
            stream.sendall(f"GET {good.replace('plain', 'endless')} HTTP/1.1\r\nHost: localhost\r\n\r\n".encode())
            stream.recv(1)
        expect(wrong, "a ninth stream", serve.get(good)[0].status, 503)
        for stream in streams:
            stream.close()
        time.sleep(1.5)
        expect(wrong, "a stream after the eight have gone", serve.get(good)[0].status, 200)
    if "4711" in serve.errors:
        wrong.append("the key stands in the log")
    capped = os.path.join(folder, "capped.yaml")
    with open(capped, "w") as file:
        file.write("targets: [{name: m, simulate: {ttft: 5ms, gap: 1ms, tokens: 20}, price: {input: 0, output: 1000000}}]\n"
                   "request: {max_output_tokens: 10}\nload: {closed: {concurrency: 1}, requests: 1}\nmax_cost: 25\n")
    with Serve(tool, database, "--scenario", capped) as serve:
        key = re.search(r'data-key="([^"]+)"', serve.get("/play")[1]).group(1)
        # Each stream costs 10: a third could make it 30.
        for number, status in enumerate([200, 200, 403], start=1):
            response, text = serve.get(f"/play/stream?key={key}&target=m&prompt=0")
            expect(wrong, f"stream {number} of those that max_cost pays for", response.status, status)
        if "max_cost" not in text:
            wrong.append(f"the refusal does not name max_cost: {text}")
    with Serve(tool, database) as serve:
        expect(wrong, "a playground without a scenario", serve.get("/play")[0].status, 404)
        expect(wrong, "a stream without a scenario", serve.get("/play/stream")[0].status, 404)
    return wrong


if __name__ == "__main__":
    check, *arguments = sys.argv[1:]
    for problem in {"follow": follow, "resume": resume, "guard": guard, "play": play}[check](*arguments):
        print(problem)
