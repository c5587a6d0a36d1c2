"""The runs of coverage.py: what is drawn for them, and how they are measured."""

import json
import os
import random
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import benchmark
import reference
import truth

TROUBLES = ["none", "hogs", "stop", "read stamps"]
PROTOCOLS = ["HTTP/1.1", "TLS", "HTTP/2"]


@dataclass
class Case:
    """One run: so many streams at once, at this pace, with a trouble."""

    streams: int
    gap_ms: float
    trouble: str
    protocol: str

    @property
    def tokens(self) -> int:
        return max(20, round(800 / self.gap_ms))


def draw(generator: random.Random, protocol: str | None) -> Case:
    """At most 10,000 chunks a second, which a server beside its client can send; over HTTP/2, by its slow server, 1,000."""
    protocol = protocol or generator.choice(PROTOCOLS)
    most_streams, chunks_per_ms = (2, 1) if protocol == "HTTP/2" else (3, 10)
    streams = round(10 ** generator.uniform(1, most_streams))
    gap_ms = max(streams / chunks_per_ms, generator.choice([5, 10, 20, 40]))
    return Case(streams, gap_ms, generator.choice(TROUBLES), protocol)


def server(case: Case, folder: Path, log: Path) -> reference.Server:
    """The server of a case's protocol, with 100 ms to the first token on average."""
    certificate = None if case.protocol == "HTTP/1.1" else reference.Certificate.make(folder)
    if case.protocol == "HTTP/2":
        flags = f"--itl-ms {case.gap_ms} --ttft-ms 100 --sigma 0.3 --tokens {case.tokens}"
        return reference.Http2Server(flags.split(), log, certificate)
    flags = f"--itl-ms {case.gap_ms} --ttft-ms 100 --ttft-jitter exp --jitter logn:0.3 --tokens {case.tokens}"
    return reference.Server(flags.split(), log, certificate)


def disturb(case: Case, process: subprocess.Popen) -> list[subprocess.Popen]:
    """Starts what is to trouble the run; returns what has to be ended after it."""
    if case.trouble == "hogs":
        return [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(4)]
    if case.trouble == "stop":
        time.sleep(0.6)
        process.send_signal(signal.SIGSTOP)
        time.sleep(0.05)
        process.send_signal(signal.SIGCONT)
    return []


def measure(case: Case, ttft: Path, folder: Path) -> tuple[dict, list]:
    """One run: its summary, and its attempts joined with the server's answers."""
    for file in folder.glob("coverage.*"):
        file.unlink()
    database, export, log = folder / "coverage.sqlite", folder / "export", folder / "coverage.jsonl"
    with server(case, folder, log) as served:
        scenario = folder / "coverage.yaml"
        scenario.write_text(benchmark.scenario(served, case.tokens, case.streams, max(40, 2 * case.streams)))
        command = [ttft, "run", scenario, "--db", database, "--json", "--quiet", "--allow-client-limited"]
        if case.trouble == "read stamps":
            command += ["--stamps", "read"]
        core = reference.cores()[1]
        with (folder / "summary.json").open("w+") as output:
            process = subprocess.Popen(command, stdout=output, preexec_fn=lambda: os.sched_setaffinity(0, core))
            hogs = disturb(case, process)
            try:
                process.wait(timeout=300)
            finally:
                for hog in hogs:
                    hog.kill()
                    hog.wait()
            output.seek(0)
            summary = json.load(output)
    command = [ttft, "export", "latest", "--output", export, "--force", "--db", database]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    pairs, report = truth.pair(truth.read_export(export), truth.read_send_log(log))
    unmatched = sum(part["count"] for part in report.values() if isinstance(part, dict))
    if unmatched:
        raise RuntimeError(f"{unmatched} requests have no counterpart: {json.dumps(report)}")
    rows = {row["client_request_id"]: row for row in truth.rows(export / "requests.csv", "client_request_id")}
    return summary, [(rows[attempt.request_id], attempt, answer) for attempt, answer in pairs]
