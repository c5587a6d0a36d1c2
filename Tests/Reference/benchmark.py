"""Measures what ttft costs and how late its instants are, beside a bare client that does nothing else.

    make benchmark            or   python3 Tests/Reference/benchmark.py [--json] [--rounds N] [--streams K ...]
    python3 Tests/Reference/benchmark.py --table linear     cost beside the number of streams alone, in three minutes

Both clients read the same streams of refserver, in turn: limit, ttft, limit, ttft. The server draws each first token
from an exponential distribution, which spreads the streams as a ramp would, and gives both clients the same schedule.
Where the machine has two cores the server has one for itself.
"""

import argparse
import json
import statistics
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

import reference
import truth

TOKENS = 200
REQUESTS_PER_STREAM = 2
LADDER_STREAMS = 1000
LADDER_SECONDS = 5
LADDER_GAPS_MS = [100, 66.7, 50, 40, 33.3, 28.6, 25, 20, 16.7, 14.3, 12.5, 10, 8, 6.25, 5]
# The same chunks a second, and as many of them, over ever more streams.
LINEAR_STREAMS = [10, 100, 1000, 5000]
LINEAR_CHUNKS_PER_SECOND = 5000
LINEAR_SECONDS = 20
# Who cannot keep up builds a backlog that grows past any bound; a busy neighbour's interruptions stay under this one.
HELD_P99_US = 50_000

SCENARIO = """\
name: benchmark
targets:
  - name: refserver
    api: openai-chat
    base_url: {url}/v1
    model: ref{target_keys}
prompts:
  - text: hello
request:
  max_output_tokens: {tokens}
load:
  closed: {{concurrency: {streams}}}
  requests: {requests}
timeouts: {{connect: 60s, total: 600s}}
"""


def target_keys(server: reference.Server) -> str:
    """What a target needs beside its URL."""
    keys = f"\n    ca_file: {server.certificate.certificate}" if server.certificate else ""
    return keys + ('\n    http: "2"' if server.speaks_http2 else "")


def scenario(server: reference.Server, tokens: int, streams: int, requests: int) -> str:
    """A closed loop of so many streams against a server."""
    keys = target_keys(server)
    return SCENARIO.format(url=server.url, target_keys=keys, tokens=tokens, streams=streams, requests=requests)


@dataclass
class Workload:
    """So many streams side by side, each answer so many tokens at this pace."""

    streams: int
    gap_ms: float
    tokens: int = TOKENS
    requests_per_stream: int = REQUESTS_PER_STREAM
    first_token_ms: float | None = None
    is_secure: bool = False

    @property
    def answer_seconds(self) -> float:
        return self.tokens * self.gap_ms / 1e3

    @property
    def chunks_per_second(self) -> float:
        return self.streams * 1e3 / self.gap_ms

    @property
    def requests(self) -> int:
        return self.streams * self.requests_per_stream

    @property
    def timeout(self) -> float:
        return 60 + 4 * self.requests_per_stream * self.answer_seconds

    def server_flags(self) -> list[str]:
        first_token_ms = self.first_token_ms or 5 * self.gap_ms
        return f"--itl-ms {self.gap_ms} --ttft-ms {first_token_ms} --ttft-jitter exp --tokens {self.tokens}".split()


@dataclass
class Trial:
    """One client's run of a workload; delays are p50 and p99 in microseconds from the server's send."""

    cpu_us_per_chunk: float
    peak_resident_mib: float
    reading_delay_us: tuple[float, float]
    arrival_delay_us: tuple[float, float] | None
    server: dict
    comparison: dict | None = None

    @property
    def is_complete(self) -> bool:
        return self.server["completed"] == self.server["requests"] and self.server["active"] == 0


def run_limit(workload: Workload, _ttft: Path, folder: Path) -> Trial:
    """limit stops by time: half way through the last answer of every stream, so that no stream starts one more."""
    seconds = (workload.requests_per_stream - 0.5) * workload.answer_seconds
    with reference.Server(workload.server_flags(), folder / "limit.jsonl") as server:
        command = [reference.BINARIES / "limit", "--port", server.port, "-c", workload.streams, "-d", seconds]
        command += ["--tokens", workload.tokens]
        measured = reference.measure([str(part) for part in command], workload.timeout)
        counters = server.statistics()
    delay = json.loads(measured.output)["delay_us"]
    return Trial(
        cpu_us_per_chunk=measured.cpu_seconds * 1e6 / counters["chunks"],
        peak_resident_mib=measured.peak_resident_kib / 1024,
        reading_delay_us=(delay["p50"], delay["p99"]),
        arrival_delay_us=None,
        server=counters,
    )


def run_ttft(workload: Workload, ttft: Path, folder: Path) -> Trial:
    """The whole of `ttft run`, decoding and storing included, then its export joined with the server's log."""
    file, database, export = folder / "benchmark.yaml", folder / "benchmark.sqlite", folder / "export"
    log = folder / "ttft.jsonl"
    certificate = reference.Certificate.make(folder) if workload.is_secure else None
    for suffix in ("", "-wal", "-shm"):
        Path(f"{database}{suffix}").unlink(missing_ok=True)
    with reference.Server(workload.server_flags(), log, certificate) as server:
        file.write_text(scenario(server, workload.tokens, workload.streams, workload.requests))
        command = [ttft, "run", file, "--db", database, "--allow-client-limited"]
        measured = reference.measure([str(part) for part in command], workload.timeout)
        counters = server.statistics()
    command = [ttft, "export", "latest", "--output", export, "--force", "--db", database]
    reference.measure([str(part) for part in command], timeout=300)
    comparison = truth.compare(truth.read_export(export), truth.read_send_log(log))
    arrival, reading = comparison["arrival_minus_send_us"], comparison["reading_minus_send_us"]
    if arrival is None:
        raise RuntimeError(f"no request of ttft matches one of the server: {json.dumps(comparison['requests'])}")
    return Trial(
        cpu_us_per_chunk=measured.cpu_seconds * 1e6 / counters["chunks"],
        peak_resident_mib=measured.peak_resident_kib / 1024,
        reading_delay_us=(reading["p50"], reading["p99"]),
        arrival_delay_us=(arrival["p50"], arrival["p99"]),
        server=counters,
        comparison=comparison,
    )


CLIENTS = {"limit": run_limit, "ttft": run_ttft}


def middle(values: list[float]) -> dict:
    """Minimum, median and maximum over the rounds."""
    return {"min": min(values), "median": statistics.median(values), "max": max(values)}


def summarize_trials(trials: list[Trial]) -> dict:
    """What the rounds of one client say together."""
    figures = {
        "cpu_us_per_chunk": [trial.cpu_us_per_chunk for trial in trials],
        "reading_delay_p50_us": [trial.reading_delay_us[0] for trial in trials],
        "reading_delay_p99_us": [trial.reading_delay_us[1] for trial in trials],
        "peak_resident_mib": [trial.peak_resident_mib for trial in trials],
        "server_lateness_p99_us": [trial.server["late_p99_us"] for trial in trials],
    }
    arrivals = [trial.arrival_delay_us for trial in trials if trial.arrival_delay_us]
    if arrivals:
        figures["arrival_delay_p50_us"] = [arrival[0] for arrival in arrivals]
        figures["arrival_delay_p99_us"] = [arrival[1] for arrival in arrivals]
    summary = {name: middle(values) for name, values in figures.items()}
    summary["complete"] = all(trial.is_complete for trial in trials)
    summary["unmatched"] = sum(
        part["count"]
        for trial in trials
        if trial.comparison
        for part in trial.comparison["requests"].values()
        if isinstance(part, dict)
    )
    return summary


def benchmark(workload: Workload, clients: list[str], rounds: int, ttft: Path, folder: Path) -> dict:
    """Runs the clients in turn, so that a change of the machine's speed meets both, and compares them pair by pair."""
    trials = {client: [] for client in clients}
    for number in range(1, rounds + 1):
        for client in clients:
            trial = CLIENTS[client](workload, ttft, folder)
            trials[client].append(trial)
            progress(f"{workload.streams} streams, round {number}: {client} {trial.cpu_us_per_chunk:.2f} us per chunk")
    result = {
        "streams": workload.streams,
        "chunks_per_second": round(workload.chunks_per_second),
        "rounds": rounds,
        "clients": {client: summarize_trials(trials[client]) for client in clients},
    }
    if len(clients) == 2:
        pairs = zip(trials["ttft"], trials["limit"], strict=True)
        result["cpu_ratio"] = middle([ours.cpu_us_per_chunk / bare.cpu_us_per_chunk for ours, bare in pairs])
    return result


def reason_not_held(trial: Trial) -> str | None:
    """Why a load counts as too high; None where it was held."""
    if trial.server["late_p99_us"] > HELD_P99_US:
        return "the server itself fell behind"
    if not trial.is_complete:
        return "streams were not completed"
    if trial.server["blocked"]:
        return "the server met full sockets"
    if trial.reading_delay_us[1] > HELD_P99_US:
        return f"the p99 of reading - send was {trial.reading_delay_us[1] / 1e3:.0f} ms"
    return None


def highest_load(client: str, ttft: Path, folder: Path) -> dict:
    """Climbs until a load is not held; each step is tried twice, as a busy neighbour can spoil one try."""
    held = 0
    for gap_ms in LADDER_GAPS_MS:
        workload = Workload(LADDER_STREAMS, gap_ms, tokens=round(LADDER_SECONDS * 1e3 / gap_ms), requests_per_stream=1)
        for _ in range(2):
            reason = reason_not_held(CLIENTS[client](workload, ttft, folder))
            if reason is None:
                break
        rate = round(workload.chunks_per_second)
        progress(f"{client} at {rate} chunks/s: {reason or 'held'}")
        if reason:
            return {"held_chunks_per_second": held, "not_held_chunks_per_second": rate, "reason": reason}
        held = rate
    return {"held_chunks_per_second": held, "not_held_chunks_per_second": None, "reason": None}


def linear_cost(ttft: Path, folder: Path, streams: list[int]) -> list[dict]:
    """What a chunk and a stream cost where nothing but the number of streams changes."""
    rows = []
    for count in streams:
        gap_ms = count * 1e3 / LINEAR_CHUNKS_PER_SECOND
        tokens = round(LINEAR_SECONDS * 1e3 / gap_ms)
        trial = run_ttft(Workload(count, gap_ms, tokens, requests_per_stream=1, first_token_ms=1000), ttft, folder)
        row = {
            "streams": count,
            "cpu_us_per_chunk": trial.cpu_us_per_chunk,
            "peak_resident_mib": trial.peak_resident_mib,
            "arrival_delay_p99_us": trial.arrival_delay_us[1],
            "complete": trial.is_complete,
            "kib_per_further_stream": None,
        }
        if rows:
            further_mib = trial.peak_resident_mib - rows[0]["peak_resident_mib"]
            row["kib_per_further_stream"] = further_mib * 1024 / (count - rows[0]["streams"])
        rows.append(row)
        progress(f"{count} streams: {trial.cpu_us_per_chunk:.2f} us per chunk, {trial.peak_resident_mib:.1f} MiB")
    return rows


def secure_delays(ttft: Path, folder: Path, rounds: int) -> dict:
    """How late arrivals are stamped over TLS, at 10,000 chunks a second over 100 streams, in microseconds from the send."""
    trials = []
    for number in range(1, rounds + 1):
        trials.append(run_ttft(Workload(100, gap_ms=10, is_secure=True), ttft, folder))
        p50, p99 = trials[-1].arrival_delay_us
        progress(f"TLS, round {number}: arrival - send p50 {p50:.1f} us, p99 {p99:.1f} us")
    delays = [trial.arrival_delay_us for trial in trials]
    return {
        "p50": middle([delay[0] for delay in delays]), "p99": middle([delay[1] for delay in delays]),
        "complete": all(trial.is_complete for trial in trials),
    }  # fmt: skip


def linear_table(rows: list[dict]) -> str:
    """Markdown, and the ratio between the dearest and the cheapest chunk: 1 where cost is linear."""
    lines = [
        "| streams | CPU per chunk, µs | peak memory, MiB | further memory per stream, KiB | arrival - send, p99, µs |",
        "| ---: | ---: | ---: | ---: | ---: |",
    ]
    for row in rows:
        further = "" if row["kib_per_further_stream"] is None else f"{row['kib_per_further_stream']:.1f}"
        lines.append(
            f"| {row['streams']:,} | {row['cpu_us_per_chunk']:.2f} | {row['peak_resident_mib']:.1f} | {further} "
            f"| {row['arrival_delay_p99_us']:,.1f} |"
        )
    costs = [row["cpu_us_per_chunk"] for row in rows]
    lines.append(f"\nThe dearest chunk costs {max(costs) / min(costs):.2f} times the cheapest.")
    incomplete = [str(row["streams"]) for row in rows if not row["complete"]]
    if incomplete:
        lines.append(f"NOT VALID: streams were not completed at {', '.join(incomplete)}.")
    return "\n".join(lines)


def progress(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def spread_text(figures: dict | None, decimals: int = 1) -> str:
    if figures is None:
        return ""
    return f"{figures['median']:,.{decimals}f} ({figures['min']:,.{decimals}f} to {figures['max']:,.{decimals}f})"


def table(results: dict) -> str:
    """Markdown: one column per workload, each cell the median of the rounds with their minimum and maximum."""
    workloads = results["workloads"]
    header = [f"{entry['streams']:,} streams, {entry['chunks_per_second']:,} chunks/s" for entry in workloads]
    lines = [["median (min to max) of the rounds", *header]]
    rows = [
        ("CPU per chunk, µs", "cpu_us_per_chunk", 2),
        ("arrival - send, p50, µs", "arrival_delay_p50_us", 1),
        ("arrival - send, p99, µs", "arrival_delay_p99_us", 1),
        ("reading - send, p50, µs", "reading_delay_p50_us", 1),
        ("reading - send, p99, µs", "reading_delay_p99_us", 1),
        ("peak memory, MiB", "peak_resident_mib", 1),
        ("server's own lateness, p99, µs", "server_lateness_p99_us", 1),
    ]
    for client in results["clients"]:
        for label, name, decimals in rows:
            cells = [spread_text(entry["clients"][client].get(name), decimals) for entry in workloads]
            if any(cells):
                lines.append([f"{client}: {label}", *cells])
    if all("cpu_ratio" in entry for entry in workloads):
        lines.append(["CPU, ttft / limit", *(spread_text(entry["cpu_ratio"], 2) for entry in workloads)])
    lines.insert(1, ["---", *("---:" for _ in workloads)])
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def print_text(results: dict) -> None:
    if results["workloads"]:
        print(table(results))
    if "secure" in results:
        p50, p99 = (spread_text(results["secure"][name]) for name in ("p50", "p99"))
        print(f"\nOver TLS, 100 streams, 10,000 chunks/s: arrival - send p50 {p50} µs, p99 {p99} µs; goal for p99 at most 75.")
    if "linear" in results:
        print(("\n" if results["workloads"] else "") + linear_table(results["linear"]))
    for client, load in results.get("highest_load", {}).items():
        held, reason, next_rate = load["held_chunks_per_second"], load["reason"], load["not_held_chunks_per_second"]
        end = f"; at {next_rate:,} {reason}" if reason else ", the end of the ladder"
        print(f"\nHighest load held by {client}: {held:,} chunks/s over {LADDER_STREAMS:,} streams{end}.")
    for entry in results["workloads"]:
        for client, summary in entry["clients"].items():
            if not summary["complete"] or summary["unmatched"]:
                print(
                    f"\nNOT VALID: {client} at {entry['streams']} streams: complete {summary['complete']}, "
                    f"{summary['unmatched']} requests without a counterpart."
                )


def parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description="What ttft costs and how late its instants are, beside a bare client.")
    parser.add_argument("--ttft", type=Path, default=reference.REPOSITORY / ".build/release/ttft")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--streams", type=int, nargs="+", default=[100, 1000])
    parser.add_argument("--table", choices=["all", "linear"], default="all", help="only the cost beside the streams")
    parser.add_argument("--linear-streams", type=int, nargs="+", default=LINEAR_STREAMS)
    parser.add_argument("--limit-only", action="store_true", help="only the bare client: what the machine can do")
    parser.add_argument("--no-highest-load", action="store_true", help="leave out the climb to it")
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    if not arguments.limit_only and not arguments.ttft.exists():
        parser.error(f"{arguments.ttft} does not exist: run `make build` first")
    return arguments


def main() -> None:
    arguments = parse_arguments()
    reference.build()
    clients = ["limit"] if arguments.limit_only else ["limit", "ttft"]
    results = {"clients": clients, "workloads": []}
    with tempfile.TemporaryDirectory(prefix="ttft-benchmark-") as name:
        folder = Path(name)
        for streams in arguments.streams if arguments.table == "all" else []:
            # 5,000 chunks a second up to 100 streams, 10,000 from 500 on: well below what one core can serve.
            workload = Workload(streams, gap_ms=max(20, streams / 10))
            results["workloads"].append(benchmark(workload, clients, arguments.rounds, arguments.ttft, folder))
        if not arguments.limit_only and arguments.table == "all" and reference.has_openssl():
            results["secure"] = secure_delays(arguments.ttft, folder, arguments.rounds)
        if not arguments.limit_only:
            results["linear"] = linear_cost(arguments.ttft, folder, arguments.linear_streams)
        if arguments.table == "all" and not arguments.no_highest_load:
            results["highest_load"] = {client: highest_load(client, arguments.ttft, folder) for client in clients}
    if arguments.json:
        print(json.dumps(results, indent=2))
    else:
        print_text(results)
    if not all(row["complete"] for row in results.get("linear", [])):
        sys.exit(1)
    if any(not summary["complete"] for entry in results["workloads"] for summary in entry["clients"].values()):
        sys.exit(1)


if __name__ == "__main__":
    main()
