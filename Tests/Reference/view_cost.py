"""Whether the live view makes arrivals later: runs with it and without it in turn, against the simulator's send log.

    python3 Tests/Reference/view_cost.py --ttft .build/release/ttft [--rounds 6] [--streams 50]

The error of an arrival is ttft's instant of an event minus the simulator's instant just before it sent that event.
"""

import argparse
import fcntl
import json
import os
import pty
import select
import sqlite3
import statistics
import subprocess
import tempfile
import termios

SCENARIO = """name: view-cost
targets: [{{name: server, api: openai-chat, model: gpt-4o-mini, base_url: "{url}/v1"}}]
load: {{closed: {{concurrency: {streams}}}, duration: {seconds}s, warmup: {{requests: {streams}}}}}
store: {{text: false}}
"""


def run(options, folder, number, progress):
    """One run; returns the arrival errors of its text events in microseconds, and whether a view was really drawn."""
    log = f"{folder}/{number}.jsonl"
    simulator = subprocess.Popen(
        [options.ttft, "simulate", "--port", "0", "--log", log, "--ttft-ms", "100", "--itl-ms", "10", "--tokens", "100"],
        stdout=subprocess.PIPE, text=True)
    url = simulator.stdout.readline().split()[-1]
    scenario, database = f"{folder}/{number}.yaml", f"{folder}/{number}.sqlite"
    with open(scenario, "w") as file:
        file.write(SCENARIO.format(url=url, streams=options.streams, seconds=options.seconds))
    terminal, slave = pty.openpty()
    process = subprocess.Popen(
        [options.ttft, "run", scenario, "--db", database, "--allow-client-limited", "--progress", progress],
        stdin=slave, stdout=subprocess.DEVNULL, stderr=slave, start_new_session=True,
        preexec_fn=lambda: fcntl.ioctl(0, termios.TIOCSCTTY, 0),
        env={**os.environ, "TERM": "xterm", "CI": ""})
    drawn = 0
    while process.poll() is None:
        if select.select([terminal], [], [], 0.1)[0]:
            drawn += len(os.read(terminal, 65536))
    simulator.terminate()
    simulator.wait()
    sent = {}
    with open(log) as file:
        for entry in map(json.loads, file):
            sent[entry["id"]] = [at for at, kind in zip(entry["sends_ns"], entry["kinds"]) if kind == "t"]
    rows = sqlite3.connect(database).execute(
        "SELECT r.client_request_id, u.started_monotonic_ns + e.arrival_ns FROM events e JOIN requests r USING "
        "(run_id, request_index, attempt) JOIN runs u ON u.id = r.run_id WHERE e.kind = 'text' AND r.phase = 'measured' "
        "AND r.outcome = 'ok' ORDER BY r.client_request_id, e.event_index")
    arrived = {}
    for request, at in rows:
        arrived.setdefault(request, []).append(at)
    errors = []
    for request, instants in arrived.items():
        if len(instants) != len(sent[request]):
            raise SystemExit(f"{request}: {len(instants)} events of {len(sent[request])}")
        errors += [(arrival - send) / 1000 for arrival, send in zip(instants, sent[request])]
    return sorted(errors), drawn


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--ttft", required=True)
    parser.add_argument("--rounds", type=int, default=6)
    parser.add_argument("--streams", type=int, default=50)
    parser.add_argument("--seconds", type=int, default=8)
    options = parser.parse_args()
    options.ttft = os.path.abspath(options.ttft)
    results = {"live": [], "none": []}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(options.rounds):
            # Turned round each time, so that a drift of the machine favours neither.
            for progress in ["live", "none"] if number % 2 == 0 else ["none", "live"]:
                errors, drawn = run(options, folder, f"{number}-{progress}", progress)
                if (drawn > 1000) != (progress == "live"):
                    raise SystemExit(f"{progress}: {drawn} bytes were drawn")
                quantiles = [errors[int(share * (len(errors) - 1))] for share in (0.5, 0.99)]
                results[progress].append(quantiles)
                print(f"{progress}: {len(errors)} events, p50 {quantiles[0]:.1f} µs, p99 {quantiles[1]:.1f} µs", flush=True)
    for progress, rounds in results.items():
        for name, values in zip(["p50", "p99"], zip(*rounds)):
            print(f"{progress}: arrival - send, {name}, µs: {statistics.median(values):.1f} ({min(values):.1f} to {max(values):.1f})")


if __name__ == "__main__":
    main()
