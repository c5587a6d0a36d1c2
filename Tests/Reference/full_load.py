"""Measures what ttft costs, and how much it carries, where every stream brings 100 tokens a second.

    make benchmark            or   python3 Tests/Reference/full_load.py [--json] [--rounds N] [--streams K ...]

Four clients read the same streams of refserver in turn: the bare client, the bare client that reads the kernel's receive
stamps too, ttft with stamps taken when read, and ttft as it comes. Of ttft two costs are shown: that of its measuring
threads, which is the way up to the raw log of arrivals, and that of the whole process, which decodes, stores and reports.
At 1,000 streams the server on its one core falls behind, and a slow client is slower than it: so the tokens a second, from
the server's log, show whether ttft carries what the machine can.
"""

import argparse
import json
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import benchmark
import reference
import truth

GAP_MS = 10
RAW_GOAL, WHOLE_GOAL, TOKENS_GOAL, MEMORY_GOAL_MIB = 1.3, 1.8, 0.97, 80
# The client that each other one is compared with.
BARE = {"ttft, stamps when read": "limit", "ttft": "limit with kernel stamps"}


@dataclass
class Load:
    """What one client cost in one round; CPU in microseconds a chunk that the server sent."""

    whole_cpu: float
    raw_cpu: float
    tokens_per_second: float
    peak_resident_mib: float


def tokens_per_second(log: Path) -> float:
    """Content events over the time from the first request that the server read to its last send."""
    answers = truth.read_send_log(log)
    first = min(answer.request_read for answer in answers)
    last = max(answer.content_sends[-1] for answer in answers)
    return sum(len(answer.content_sends) for answer in answers) * 1e9 / (last - first)


def run_limit(workload: benchmark.Workload, flags: list[str], _ttft: Path, folder: Path) -> Load:
    log = folder / "limit.jsonl"
    seconds = (workload.requests_per_stream - 0.5) * workload.answer_seconds
    with reference.Server(workload.server_flags(), log) as server:
        command = [reference.BINARIES / "limit", "--port", server.port, "-c", workload.streams, "-d", seconds]
        command += ["--tokens", workload.tokens, *flags]
        measured = reference.measure([str(part) for part in command], workload.timeout)
        counters = complete(server.statistics(), workload)
    cost = measured.cpu_seconds * 1e6 / counters["chunks"]
    return Load(cost, cost, tokens_per_second(log), measured.peak_resident_kib / 1024)


def run_ttft(workload: benchmark.Workload, flags: list[str], ttft: Path, folder: Path) -> Load:
    scenario, database, log = folder / "load.yaml", folder / "load.sqlite", folder / "ttft.jsonl"
    for file in folder.glob("load.sqlite*"):
        file.unlink()
    with reference.Server(workload.server_flags(), log) as server:
        scenario.write_text(benchmark.scenario(server, workload.tokens, workload.streams, workload.requests))
        command = [ttft, "run", scenario, "--db", database, "--json", "--quiet", "--allow-client-limited", *flags]
        measured = reference.measure([str(part) for part in command], workload.timeout)
        counters = complete(server.statistics(), workload)
    threads = json.loads(measured.output)["run"]["measuring_threads"]
    raw_seconds = sum(thread["processor_time_ms"] for thread in threads) / 1e3
    return Load(
        measured.cpu_seconds * 1e6 / counters["chunks"],
        raw_seconds * 1e6 / counters["chunks"],
        tokens_per_second(log),
        measured.peak_resident_kib / 1024,
    )


def complete(counters: dict, workload: benchmark.Workload) -> dict:
    """The server's counters; an error where it did not send every answer to its end."""
    if counters["completed"] < workload.requests or counters["active"]:
        raise RuntimeError(f"{counters['completed']} of {workload.requests} answers were complete")
    return counters


CLIENTS = {
    "limit": (run_limit, []),
    "limit with kernel stamps": (run_limit, ["--stamps"]),
    "ttft, stamps when read": (run_ttft, ["--stamps", "read"]),
    "ttft": (run_ttft, ["--stamps", "kernel"]),
}


def measure(streams: int, rounds: int, ttft: Path, folder: Path) -> dict:
    """The clients in turn, so that a change of the machine's speed meets all; ratios are taken within a round."""
    workload = benchmark.Workload(streams, GAP_MS)
    loads = {client: [] for client in CLIENTS}
    for number in range(1, rounds + 1):
        for client, (run, flags) in CLIENTS.items():
            load = run(workload, flags, ttft, folder)
            loads[client].append(load)
            benchmark.progress(
                f"{streams} streams, round {number}: {client} {load.whole_cpu:.2f} us per chunk, "
                f"{load.tokens_per_second:,.0f} tokens/s"
            )
    ratios = {}
    for client, bare in BARE.items():
        pairs = list(zip(loads[client], loads[bare], strict=True))
        ratios[client] = {
            "bare": bare,
            "raw": benchmark.middle([ours.raw_cpu / other.whole_cpu for ours, other in pairs]),
            "whole": benchmark.middle([ours.whole_cpu / other.whole_cpu for ours, other in pairs]),
            "tokens": benchmark.middle([ours.tokens_per_second / other.tokens_per_second for ours, other in pairs]),
        }
    figures = {
        client: {name: benchmark.middle([getattr(load, name) for load in each]) for name in vars(each[0])}
        for client, each in loads.items()
    }
    return {"streams": streams, "rounds": rounds, "clients": figures, "ratios": ratios}


def table(results: list[dict]) -> str:
    """Markdown: one column per number of streams; medians with the minimum and maximum of the rounds."""
    header = ["median (min to max) of the rounds", *(f"{each['streams']:,} streams" for each in results), "goal"]
    lines = [header, ["---", *("---:" for _ in header[1:])]]
    for client in CLIENTS:
        rows = [("CPU per chunk, µs", "whole_cpu", 2), ("tokens a second", "tokens_per_second", 0)]
        rows.append(("peak memory, MiB", "peak_resident_mib", 1))
        for label, name, decimals in rows:
            goal = f"under {MEMORY_GOAL_MIB}" if client in BARE and name == "peak_resident_mib" else ""
            cells = [benchmark.spread_text(each["clients"][client][name], decimals) for each in results]
            lines.append([f"{client}: {label}", *cells, goal])
    goals = {"raw": ("CPU up to the raw log", f"at most {RAW_GOAL}"), "whole": ("CPU", f"at most {WHOLE_GOAL}")}
    goals["tokens"] = ("tokens a second", f"at least {TOKENS_GOAL}")
    for client, bare in BARE.items():
        for name, (label, goal) in goals.items():
            cells = [benchmark.spread_text(each["ratios"][client][name], 2) for each in results]
            lines.append([f"{label}, {client} / {bare}", *cells, goal])
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def main() -> None:
    parser = argparse.ArgumentParser(description="What ttft costs beside bare clients at 100 tokens/s a stream.")
    parser.add_argument("--ttft", type=Path, default=reference.REPOSITORY / ".build/release/ttft")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--streams", type=int, nargs="+", default=[100, 1000])
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    reference.build()
    with tempfile.TemporaryDirectory(prefix="ttft-load-") as name:
        results = [measure(count, arguments.rounds, arguments.ttft, Path(name)) for count in arguments.streams]
    if arguments.json:
        json.dump(results, sys.stdout, indent=2)
    else:
        print(table(results))


if __name__ == "__main__":
    main()
