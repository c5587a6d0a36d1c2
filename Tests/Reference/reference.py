"""Builds the reference programs and runs them: refserver as a context, anything else as a measured child."""

import json
import os
import signal
import socket
import ssl
import subprocess
import sys
import tempfile
import time
import urllib.request
from dataclasses import dataclass
from pathlib import Path

SOURCES = Path(__file__).resolve().parent
REPOSITORY = SOURCES.parent.parent
BINARIES = REPOSITORY / ".build-reference"
COMPILE = ["cc", "-O2", "-Wall", "-Wextra", "-Werror", "-pthread"]


def build() -> None:
    """Compiles refserver, limit and timer_loop into .build-reference, in about two seconds."""
    BINARIES.mkdir(exist_ok=True)
    programs = {"refserver": sorted(SOURCES.glob("refserver/*.c")), "limit": [SOURCES / "limit.c"]}
    programs["timer_loop"] = [SOURCES / "timer_loop.c"]
    for name, files in programs.items():
        tls = ["-DREFSERVER_TLS", "-lssl", "-lcrypto"] if name == "refserver" and has_openssl() else []
        subprocess.run([*COMPILE, "-o", BINARIES / name, *files, *tls, "-lm"], check=True)


def has_openssl() -> bool:
    """Whether a program can be built with OpenSSL (libssl-dev); without it refserver serves no TLS."""
    source = "#include <openssl/ssl.h>\nint main(void) { return SSL_new(0) != 0; }\n"
    command = ["cc", "-x", "c", "-", "-o", "/dev/null", "-lssl", "-lcrypto"]
    return subprocess.run(command, input=source, text=True, capture_output=True).returncode == 0


@dataclass
class Certificate:
    """A certificate of 127.0.0.1 that signs itself, and its key."""

    certificate: Path
    key: Path

    @classmethod
    def make(cls, folder: Path) -> "Certificate":
        made = cls(folder / "certificate.pem", folder / "key.pem")
        command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes"]
        command += ["-subj", "/CN=127.0.0.1", "-addext", "subjectAltName=IP:127.0.0.1", "-days", "2"]
        subprocess.run([*command, "-out", made.certificate, "-keyout", made.key], check=True, capture_output=True)
        return made


def free_port() -> int:
    """A loopback port that was free a moment ago."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def cores() -> tuple[set[int], set[int]]:
    """The core for the server and those for the client: apart where there are two, so that neither delays the other."""
    available = sorted(os.sched_getaffinity(0))
    return {available[0]}, set(available[1:] or available)


class Server:
    """A refserver child on a free loopback port, pinned to one core; stopped at the end of the `with` block."""

    speaks_http2 = False

    def __init__(self, flags: list[str], log: Path, certificate: Certificate | None = None):
        self.flags, self.log, self.port, self.certificate = list(flags), log, free_port(), certificate
        if certificate:
            self.flags += ["--certificate", certificate.certificate, "--key", certificate.key]

    @property
    def url(self) -> str:
        return f"{'https' if self.certificate else 'http'}://127.0.0.1:{self.port}"

    def __enter__(self) -> "Server":
        core = cores()[0]
        command = [*self.program(), "--port", str(self.port), "--log", self.log, *self.flags]
        self.process = subprocess.Popen(command, preexec_fn=lambda: os.sched_setaffinity(0, core))
        try:
            self.wait_until_it_answers()
        except BaseException:
            self.stop()
            raise
        return self

    def program(self) -> list:
        return [BINARIES / "refserver", "--quiet"]

    def __exit__(self, *_) -> None:
        self.stop()

    def stop(self) -> None:
        """Ends the server, which writes the rest of its log first."""
        self.process.send_signal(signal.SIGTERM)
        try:
            self.process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()

    def wait_until_it_answers(self) -> None:
        deadline = time.monotonic() + 10
        while True:
            try:
                self.ask()
                return
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"{self.program()[-1]} does not answer at {self.url}") from None
                time.sleep(0.02)

    def ask(self) -> None:
        self.get("/health")

    def get(self, path: str) -> bytes:
        handlers = [urllib.request.ProxyHandler({})]
        if self.certificate:
            context = ssl.create_default_context(cafile=self.certificate.certificate)
            handlers.append(urllib.request.HTTPSHandler(context=context))
        with urllib.request.build_opener(*handlers).open(f"{self.url}{path}", timeout=5) as response:
            return response.read()

    def statistics(self) -> dict:
        """The server's counters; also makes it write its log."""
        return json.loads(self.get("/stats"))


class Http2Server(Server):
    """An http2_server child; slow, and the only one that speaks HTTP/2."""

    speaks_http2 = True

    def program(self) -> list:
        return [sys.executable, SOURCES / "http2_server.py"]

    def ask(self) -> None:
        socket.create_connection(("127.0.0.1", self.port), timeout=5).close()


@dataclass
class Measured:
    """What a child printed and what it cost, user and system time of all its threads together."""

    output: str
    cpu_seconds: float
    peak_resident_kib: int


def peak_resident_kib(pid: int) -> int:
    """VmHWM of a running process; ru_maxrss will not do, as it starts from the size of the parent that forked."""
    try:
        status = Path(f"/proc/{pid}/status").read_text()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in status.splitlines() if line.startswith("VmHWM")), 0)


def measure(command: list, timeout: float) -> Measured:
    """Runs a command on the client's cores to its end; raises RuntimeError with its complaint where it fails."""
    core = cores()[1]
    with tempfile.TemporaryFile("w+") as output, tempfile.TemporaryFile("w+") as complaint:
        process = subprocess.Popen(
            command, stdin=subprocess.DEVNULL, stdout=output, stderr=complaint,
            preexec_fn=lambda: os.sched_setaffinity(0, core),
        )
        try:
            peak, usage = watch(process, timeout)
        except BaseException:
            process.kill()
            process.wait()
            raise
        output.seek(0)
        complaint.seek(0)
        if process.returncode != 0:
            raise RuntimeError(f"{Path(command[0]).name} ended with {process.returncode}:\n{complaint.read()}")
        return Measured(output.read(), usage.ru_utime + usage.ru_stime, peak)


def watch(process: subprocess.Popen, timeout: float):
    """Waits for the end of a child: its peak of memory and its resource usage."""
    deadline, peak = time.monotonic() + timeout, 0
    while True:
        peak = max(peak, peak_resident_kib(process.pid))
        pid, status, usage = os.wait4(process.pid, os.WNOHANG)
        if pid:
            process.returncode = os.waitstatus_to_exitcode(status)
            return peak, usage
        if time.monotonic() > deadline:
            raise RuntimeError(f"{Path(process.args[0]).name} did not end within {timeout:.0f} s")
        time.sleep(0.05)
