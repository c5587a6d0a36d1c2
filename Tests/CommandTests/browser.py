"""A headless Chromium that is driven over the pipes of its DevTools protocol; needs nothing but Python.

Records what the page writes to its console, every exception, and every request that is not for the page itself.
"""

import base64
import json
import os
import select
import shutil
import subprocess
import tempfile
import time


class Browser:
    def __init__(self, width=1280, height=900, dark=False, text_size=16, phone=False):
        program = next(filter(None, map(shutil.which, ["chromium", "chromium-browser", "google-chrome"])), None)
        if program is None:
            raise SystemExit("chromium is missing: .ci/install-dependencies test installs it")
        self.profile = tempfile.mkdtemp(prefix="ttft-browser-")
        to_browser, self.commands = os.pipe()
        self.answers, from_browser = os.pipe()

        def give_pipes():
            # The protocol's numbers for them; moved out of the way first, as a pipe may have one of the two.
            read_end, write_end = os.dup(to_browser), os.dup(from_browser)
            spare_read, spare_write = os.dup(read_end), os.dup(write_end)
            os.dup2(spare_read, 3)
            os.dup2(spare_write, 4)

        arguments = [
            program, "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
            "--disable-extensions", "--disable-background-networking", "--remote-debugging-pipe", "--hide-scrollbars",
            f"--user-data-dir={self.profile}", f"--window-size={width},{height}",
        ]
        self.process = subprocess.Popen(
            arguments, close_fds=False, preexec_fn=give_pipes, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL)
        os.close(to_browser)
        os.close(from_browser)
        self.buffer = b""
        self.number = 0
        self.events = []
        self.complaints = []
        self.requests = []
        target = self.call("Target.createTarget", {"url": "about:blank"})["targetId"]
        self.session = None
        self.session = self.call("Target.attachToTarget", {"targetId": target, "flatten": True})["sessionId"]
        for domain in ["Page", "Runtime", "Network", "Log"]:
            self.call(f"{domain}.enable")
        self.call("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 1, "mobile": phone})
        self.call("Emulation.setEmulatedMedia", {
            "features": [{"name": "prefers-color-scheme", "value": "dark" if dark else "light"}]})
        self.text_size = text_size

    def call(self, method, parameters=None, timeout=60):
        self.number += 1
        message = {"id": self.number, "method": method, "params": parameters or {}}
        if getattr(self, "session", None):
            message["sessionId"] = self.session
        os.write(self.commands, json.dumps(message).encode() + b"\0")
        deadline = time.monotonic() + timeout
        while True:
            answer = self.receive(deadline)
            if answer is None:
                raise SystemExit(f"the browser did not answer {method} within {timeout} s")
            if answer.get("id") == message["id"]:
                if "error" in answer:
                    raise SystemExit(f"{method}: {answer['error']}")
                return answer["result"]

    def receive(self, deadline):
        """The next message; notes what events say, and returns None at the deadline."""
        while b"\0" not in self.buffer:
            left = deadline - time.monotonic()
            if left <= 0 or not select.select([self.answers], [], [], left)[0]:
                return None
            part = os.read(self.answers, 1 << 20)
            if not part:
                raise SystemExit("the browser ended by itself")
            self.buffer += part
        text, self.buffer = self.buffer.split(b"\0", 1)
        message = json.loads(text)
        self.note(message.get("method"), message.get("params", {}))
        return message

    def note(self, method, parameters):
        if method is None:
            return
        self.events.append(method)
        if method == "Runtime.exceptionThrown":
            details = parameters["exceptionDetails"]
            self.complaints.append(details.get("exception", {}).get("description") or details["text"])
        elif method == "Runtime.consoleAPICalled":
            self.complaints.append(" ".join(str(value.get("value")) for value in parameters["args"]))
        elif method == "Log.entryAdded":
            self.complaints.append(parameters["entry"]["text"])
        elif method == "Network.requestWillBeSent":
            self.requests.append(parameters["request"]["url"])

    def open(self, path):
        """Opens a file and waits until it is loaded; returns the seconds that took."""
        return self.visit("file://" + os.path.abspath(path))

    def visit(self, url):
        """Opens a page by its address and waits until it is loaded; returns the seconds that took."""
        self.requests.clear()
        self.page = url
        self.events.clear()
        start = time.monotonic()
        self.call("Page.navigate", {"url": self.page})
        while "Page.loadEventFired" not in self.events:
            if self.receive(start + 60) is None:
                raise SystemExit("the page was not loaded within 60 s")
        seconds = time.monotonic() - start
        if self.text_size != 16:
            self.evaluate(f"document.documentElement.style.fontSize = '{self.text_size}px'")
        return seconds

    def evaluate(self, expression, timeout=120):
        """The value of an expression in the page; a promise is waited for."""
        result = self.call("Runtime.evaluate", {
            "expression": expression, "awaitPromise": True, "returnByValue": True}, timeout)
        if "exceptionDetails" in result:
            raise SystemExit(f"{expression[:80]}: {result['exceptionDetails']}")
        return result["result"].get("value")

    def press(self, key, code, text=""):
        for kind in ["keyDown", "keyUp"]:
            self.call("Input.dispatchKeyEvent", {"type": kind, "key": key, "code": code, "text": text})

    def screenshot(self, path, whole=True):
        parameters = {"format": "png", "captureBeyondViewport": whole}
        if whole:
            size = self.call("Page.getLayoutMetrics")["cssContentSize"]
            parameters["clip"] = {"x": 0, "y": 0, "width": size["width"], "height": size["height"], "scale": 1}
        with open(path, "wb") as file:
            file.write(base64.b64decode(self.call("Page.captureScreenshot", parameters)["data"]))

    @property
    def foreign_requests(self):
        return [url for url in self.requests if url != self.page]

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        shutil.rmtree(self.profile, ignore_errors=True)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
