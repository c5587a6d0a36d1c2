"""What is checked of the live view in a pseudo-terminal; every command prints what is wrong, or nothing.

    terminal_checks.py watch TTFT SCENARIO DATABASE LOG    the figures of its frames against the log of the simulator
    terminal_checks.py leave TTFT SCENARIO DATABASE WAY    the terminal after a run that ended by keys or signals
    terminal_checks.py sizes TTFT SCENARIO DATABASE        frames in terminals of many sizes, changed while it draws
    terminal_checks.py locale TTFT SCENARIO DATABASE       what an ASCII locale, NO_COLOR and a dumb terminal get

The emulator understands what a terminal does with these bytes, and shares no code with what writes them.
"""

import fcntl
import json
import os
import pty
import re
import select
import signal
import sqlite3
import statistics
import struct
import subprocess
import sys
import termios
import time

SEQUENCE = re.compile(rb"\x1b\[([?0-9;]*)([A-Za-z])")


class Emulator:
    """A terminal: its lines, its modes, and whether anything was written beyond its last column or row."""

    def __init__(self, columns, rows):
        self.modes = {"25": True, "7": True, "1049": False}
        self.buffer = b""
        self.overflow = []
        self.colors = False
        self.clears = 0
        self.plain = b""
        self.resize(columns, rows)

    def resize(self, columns, rows):
        self.columns, self.rows = columns, rows
        self.clear()

    def clear(self):
        self.lines = [[" "] * self.columns for _ in range(self.rows)]
        self.row = self.column = 0
        self.clears += 1

    def feed(self, data):
        self.buffer += data
        while self.buffer:
            if self.buffer[0] == 0x1B:
                match = SEQUENCE.match(self.buffer)
                if not match:
                    if len(self.buffer) < 16:
                        return
                    raise SystemExit(f"an unknown sequence: {self.buffer[:16]!r}")
                self.obey(match[1].decode(), match[2].decode())
                self.buffer = self.buffer[match.end():]
                continue
            end = self.buffer.find(b"\x1b")
            text = self.buffer if end < 0 else self.buffer[:end]
            try:
                decoded = text.decode()
            except UnicodeDecodeError:
                if end < 0 and len(text) < 8:
                    return  # The rest of a character is on its way.
                if end >= 0:
                    raise
                decoded = text[: len(text) - 4].decode(errors="ignore")
                text = decoded.encode()
            self.buffer = self.buffer[len(text):]
            for character in decoded:
                self.put(character)

    def obey(self, parameters, name):
        if name in "hl" and parameters.startswith("?"):
            self.modes[parameters[1:]] = name == "h"
            if parameters == "?1049":
                self.clear()
        elif name == "H":
            row, column = (parameters or "1;1").split(";")
            self.row, self.column = int(row) - 1, int(column) - 1
            if self.row >= self.rows:
                self.overflow.append(f"row {row} of {self.rows}")
        elif name == "K":
            if self.row < self.rows:
                self.lines[self.row][self.column:] = [" "] * (self.columns - self.column)
        elif name == "J":
            self.clear()
        elif name == "m":
            self.colors = True
        else:
            raise SystemExit(f"an unknown sequence: {parameters}{name}")

    def put(self, character):
        if not self.modes["1049"]:
            self.plain += character.encode()
            return
        if character in "\r\n":
            self.overflow.append("a line end within the view")
            return
        if self.column >= self.columns or self.row >= self.rows:
            self.overflow.append(f"'{character}' at {self.row}, {self.column} of {self.columns} by {self.rows}")
            return
        self.lines[self.row][self.column] = character
        self.column += 1

    @property
    def text(self):
        return "\n".join("".join(line).rstrip() for line in self.lines)


class Session:
    """The tool in a pseudo-terminal, its session's leader and in its foreground."""

    def __init__(self, tool, arguments, columns=100, rows=30, environment=None):
        self.emulator = Emulator(columns, rows)
        variables = {**os.environ, "TERM": "xterm-256color", "LC_ALL": "C.UTF-8", "NO_COLOR": "", "CI": "",
                     "SWIFT_BACKTRACE": "enable=no", **(environment or {})}
        # Held open here too, so that its modes can be asked for when nobody else has it any more.
        self.terminal, self.holder = pty.openpty()
        self.set_size(columns, rows)
        self.modes_before = termios.tcgetattr(self.holder)
        self.process = subprocess.Popen(
            [tool, *arguments], env=variables, stdin=self.holder, stdout=self.holder, stderr=self.holder,
            start_new_session=True, preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0))
        self.frames = []

    def set_size(self, columns, rows):
        fcntl.ioctl(self.terminal, termios.TIOCSWINSZ, struct.pack("HHHH", rows, columns, 0, 0))

    def read(self, seconds):
        """Reads what comes within some seconds."""
        end = time.monotonic() + seconds
        while (left := end - time.monotonic()) > 0:
            if not select.select([self.terminal], [], [], left)[0]:
                return
            self.emulator.feed(os.read(self.terminal, 1 << 16))
            if self.emulator.modes["1049"]:
                self.frames.append((time.monotonic_ns(), self.emulator.text))

    def read_until(self, text, seconds=20):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            if text(self.emulator) if callable(text) else text in self.emulator.text:
                return True
            self.read(0.02)
        return False

    def finish(self, seconds=60):
        """Reads to the end, and gives the exit status."""
        end = time.monotonic() + seconds
        while self.process.poll() is None:
            if time.monotonic() > end:
                self.process.kill()
                return "no end"
            self.read(0.05)
        self.read(0.2)
        return self.process.returncode

    def kill(self, number):
        self.process.send_signal(number)

    @property
    def wrong_modes(self):
        wrong = []
        emulator = self.emulator
        if emulator.modes["1049"] or not emulator.modes["25"] or not emulator.modes["7"]:
            wrong.append(f"the screen is not given back: {emulator.modes}")
        if termios.tcgetattr(self.holder) != self.modes_before:
            wrong.append("the modes of the terminal are not restored")
        return wrong


def figure(frame, pattern):
    match = re.search(pattern, frame)
    return float(match[1]) if match else None


def watch(tool, scenario, database, log):
    session = Session(tool, ["run", scenario, "--db", database, "--allow-client-limited"], environment={"NO_COLOR": ""})
    status = session.finish()
    wrong = [] if status == 0 else [f"the run ended with {status}: {session.emulator.plain.decode()}"]
    wrong += session.emulator.overflow[:3] + session.wrong_modes
    with open(log) as file:
        entries = [entry for entry in map(json.loads, file) if entry["stream"]]
    checked = 0
    for moment, frame in session.frames:
        done = figure(frame, r"done (\d+)")
        # A frame that is still being drawn may hold a line of the one before.
        if done is None or "q stop" not in frame:
            continue
        warm = figure(frame, r"\+(\d+) warm-up") or 0
        ended = sum(entry["ended_ns"] < moment for entry in entries)
        settled = sum(entry["ended_ns"] < moment - 1_500_000_000 for entry in entries)
        if not settled <= done + warm + 1 or not done <= ended:
            wrong.append(f"done {done}, while {ended} had ended and {settled} a while ago")
        in_flight = figure(frame, r"in flight (\d+)")
        if not 0 <= in_flight <= 4:
            wrong.append(f"{in_flight} in flight of 4")
        checked += 1
    if checked < 10:
        wrong.append(f"only {checked} frames were drawn")
    last = [frame for _, frame in session.frames if "q stop" in frame][-1]
    # When each request was sent, which on a busy machine is well before the simulator has read it.
    rows = sqlite3.connect(database).execute(
        "SELECT client_request_id, started_monotonic_ns + sent_ns FROM requests JOIN runs ON id = run_id")
    sent = dict(rows.fetchall())
    waits, gaps, failed = [], [], 0
    for entry in entries[4:]:
        tokens = [at for at, kind in zip(entry["sends_ns"], entry["kinds"]) if kind == "t"]
        if entry["status"] != "completed" or len(tokens) < 2:
            failed += 1
            continue
        waits.append((tokens[0] - sent[entry["id"]]) / 1e6)
        gaps += [(after - before) / 1e6 for before, after in zip(tokens, tokens[1:])]
    for name, values, shown in [
        ("TTFT", waits, figure(last, r"TTFT +ms +[\d.]+ +([\d.]+)")),
        ("gap", gaps, figure(last, r"gap +ms/token +[\d.]+ +([\d.]+)")),
        ("speed", [1000 / statistics.median(gaps)], figure(last, r"speed +tok/s +[\d.]+ +([\d.]+)")),
    ]:
        true = statistics.median(values)
        if shown is None or abs(shown - true) > max(1.5, 0.06 * true):
            wrong.append(f"{name} p50 is {shown} in the last frame, and {true:.2f} in the log\n{last}")
    shown = figure(last, r"failed (\d+) \(.*rate_limited \d+")
    if shown is None or not failed - 2 <= shown <= failed:
        wrong.append(f"failed {shown}, and {failed} in the log\n{last}")
    return wrong


# A session's leader would not stop, since nobody could continue it.
SHELL = """set -m; "$0" "$@"; echo STOPPED; sleep 1; fg > /dev/null"""


def leave(tool, scenario, database, way):
    arguments = ["run", scenario, "--db", database, "--allow-client-limited"]
    if way == "stop":
        session = Session("/bin/bash", ["--norc", "-c", SHELL, tool, *arguments])
    else:
        session = Session(tool, arguments)
    wrong = []
    if not session.read_until(lambda emulator: re.search(r"done [1-9]", emulator.text)):
        return [f"no frame came: {session.emulator.plain.decode()}"]
    if termios.tcgetattr(session.holder) == session.modes_before or session.emulator.modes["25"]:
        wrong.append("the view has not taken the terminal, so that nothing is tested")
    signals = {"int": signal.SIGINT, "term": signal.SIGTERM, "crash": signal.SIGSEGV, "abort": signal.SIGABRT,
               "hangup": signal.SIGHUP, "quit": signal.SIGQUIT}
    if way in signals:
        session.kill(signals[way])
    else:
        os.write(session.terminal, {"q": b"q", "twice": b"\x03", "stop": b"\x1a"}[way])
    if way == "twice":
        session.read(0.03)
        os.write(session.terminal, b"\x03")
    if way == "stop":
        if not session.read_until(lambda emulator: b"STOPPED" in emulator.plain, 5):
            wrong.append("Ctrl-Z does not stop it")
        wrong += [f"while it is stopped: {problem}" for problem in session.wrong_modes]
        frames = len(session.frames)
        session.read(2)
        if len(session.frames) == frames:
            wrong.append("nothing is drawn after it goes on")
        os.write(session.terminal, b"\x03")
    status = session.finish()
    expected = {"term": 143, "crash": -signal.SIGSEGV, "abort": -signal.SIGABRT, "hangup": -signal.SIGHUP,
                "quit": -signal.SIGQUIT}.get(way, 130)
    wrong += session.wrong_modes
    if status != expected:
        wrong.append(f"it ended with {status}, not {expected}")
    printed = session.emulator.plain.decode()
    if way in ("q", "int", "term", "stop") and ("interrupted" not in printed or "TTFT" not in printed):
        wrong.append(f"no summary was printed behind the view: {printed}")
    if way == "twice" and "ended at once" not in printed:
        wrong.append(f"no farewell was printed: {printed}")
    return wrong


def sizes(tool, scenario, database):
    session = Session(tool, ["run", scenario, "--db", database, "--allow-client-limited"], 80, 24)
    wrong = []
    if not session.read_until("q stop"):
        return [f"no frame came: {session.emulator.plain.decode()}"]
    for columns, rows in [(80, 24), (120, 40), (60, 10), (40, 8), (20, 5), (7, 3), (1, 1), (200, 6), (80, 24)]:
        clears = session.emulator.clears
        # Until it draws anew for this size, what comes may be of the size before.
        session.set_size(columns, rows)
        if (columns, rows) != (session.emulator.columns, session.emulator.rows):
            before = session.emulator
            if not session.read_until(lambda emulator: emulator.clears > clears, 5):
                wrong.append(f"nothing was drawn anew for {columns} by {rows}")
            before.overflow.clear()
            before.resize(columns, rows)
            os.write(session.terminal, b"pp")
        session.read(1.2)
        wrong += [f"{columns} by {rows}: {problem}" for problem in session.emulator.overflow[:2]]
        session.emulator.overflow.clear()
        if rows >= 3 and columns >= 20 and "stop" not in session.emulator.text:
            wrong.append(f"{columns} by {rows}: the keys are not named\n{session.emulator.text}")
    os.write(session.terminal, b"l")
    if not session.read_until("Rate limit"):
        wrong.append(f"the errors are not shown\n{session.emulator.text}")
    os.write(session.terminal, b"p")
    session.read(1)
    frames = session.emulator.text
    session.read(1.5)
    if session.emulator.text != frames or "p go on" not in frames:
        wrong.append("it draws on while it is paused")
    os.write(session.terminal, b"q")
    session.finish()
    return wrong + session.wrong_modes


def locale(tool, scenario, database):
    wrong = []
    arguments = ["run", scenario, "--db", database, "--allow-client-limited"]
    for environment, more, is_colored, is_ascii in [
        ({}, [], True, False), ({"NO_COLOR": "1"}, [], False, False), ({"NO_COLOR": "1"}, ["--color", "always"], True, False),
        ({}, ["--color", "never"], False, False), ({"LC_ALL": "C"}, [], True, True),
    ]:
        session = Session(tool, arguments + more, environment=environment)
        if not session.read_until("q stop"):
            return [f"no frame came: {session.emulator.plain.decode()}"]
        session.read(2.5)
        text = session.emulator.text
        os.write(session.terminal, b"q")
        session.finish()
        if session.emulator.colors != is_colored:
            wrong.append(f"{environment} {more}: colour is {session.emulator.colors}")
        if text.isascii() != is_ascii:
            wrong.append(f"{environment} {more}: {text}")
    for environment, more in [({"TERM": "dumb"}, []), ({}, ["--progress", "plain"]), ({"CI": "true"}, [])]:
        session = Session(tool, arguments + more, environment=environment)
        session.read(6)
        session.kill(signal.SIGINT)
        session.finish()
        printed = session.emulator.plain.decode()
        if session.frames or not re.search(r"^t=5s sent=\d+ done=\d+", printed, re.MULTILINE):
            wrong.append(f"{environment} {more}: no plain line in: {printed}")
    return wrong


if __name__ == "__main__":
    check, *arguments = sys.argv[1:]
    for problem in {"watch": watch, "leave": leave, "sizes": sizes, "locale": locale}[check](*arguments):
        print(problem)
