"""Builds the reference programs and runs them: refserver as a context, anything else as a measured child."""

import json
import os
import signal
import socket
import subprocess
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
        subprocess.run([*COMPILE, "-o", BINARIES / name, *files, "-lm"], check=True)


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

    def __init__(self, flags: list[str], log: Path):
        self.flags, self.log, self.port = flags, log, free_port()

    def __enter__(self) -> "Server":
        core = cores()[0]
        command = [BINARIES / "refserver", "--quiet", "--port", str(self.port), "--log", self.log, *self.flags]
        self.process = subprocess.Popen(command, preexec_fn=lambda: os.sched_setaffinity(0, core))
        try:
            self.wait_until_it_answers()
        except BaseException:
            self.stop()
            raise
        return self

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
                self.get("/health")
                return
            except OSError:
                if self.process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"refserver does not answer on 127.0.0.1:{self.port}") from None
                time.sleep(0.02)

    def get(self, path: str) -> bytes:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        with opener.open(f"http://127.0.0.1:{self.port}{path}", timeout=5) as response:
            return response.read()

    def statistics(self) -> dict:
        """The server's counters; also makes it write its log."""
        return json.loads(self.get("/stats"))


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
