"""Times single stages of ttft beside references: decoding, storing, statistics.

    make benchmark            or   python3 Tests/Reference/stages.py [--json] [--rounds N]

Every pair of figures is measured in turn, in the same run: reference, ttft, reference, ttft. The references are what a
benchmark written in Python would use, each with its work done in C: json for a stream's data lines, sqlite3 for rows,
numpy for percentiles. Decoding asks more of ttft than of its reference, which finds no token, usage or outcome; so does
storing, whose reference writes rows that were packed before the clock started: its ratio is what packing costs.
"""

import argparse
import json
import os
import sqlite3
import statistics
import struct
import subprocess
import tempfile
import time
import zlib
from pathlib import Path

import numpy

import reference

APIS = [
    "openai-chat", "openai-completions", "openai-responses", "azure-openai", "anthropic", "gemini", "bedrock", "cohere",
    "mistral", "ollama", "tgi", "llama-cpp",
]  # fmt: skip
TOKENS = 500
RECORDS, EVENTS = 2000, 200
VALUES = 1_000_000


def capture_bodies(ttft: Path, folder: Path) -> dict[str, Path]:
    """One body of each API from ttft's own simulator, as it came."""
    targets = "\n".join(
        f"  - {{name: {api}, api: {api}, simulate: {{ttft: 1ms, gap: 100us, tokens: {TOKENS}}}}}" for api in APIS
    )
    scenario, database = folder / "bodies.yaml", folder / "bodies.sqlite"
    scenario.write_text(
        f"name: bodies\ntargets:\n{targets}\nprompts: [{{text: hello}}]\nstore: {{raw: all}}\n"
        f"request: {{max_output_tokens: {TOKENS}}}\nload: {{closed: {{concurrency: 1}}, requests: 1}}\n"
    )
    command = [ttft, "run", scenario, "--db", database, "--quiet", "--allow-client-limited"]
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    bodies = {}
    for api, body in sqlite3.connect(database).execute("SELECT target, raw_body FROM requests WHERE outcome = 'ok'"):
        bodies[api] = folder / f"{api}.body"
        bodies[api].write_bytes(body)
    missing = set(APIS) - set(bodies)
    if missing:
        raise RuntimeError(f"no good answer of {', '.join(sorted(missing))}")
    return bodies


def read_with_json(api: str, body: bytes) -> int:
    """Parses the JSON of every event; returns how many there were."""
    count = 0
    if api == "bedrock":
        offset = 0
        while offset < len(body):
            total, head, _ = struct.unpack_from(">III", body, offset)
            if zlib.crc32(body[offset : offset + total - 4]) != struct.unpack_from(">I", body, offset + total - 4)[0]:
                raise ValueError("checksum")
            json.loads(body[offset + 12 + head : offset + total - 4])
            offset += total
            count += 1
        return count
    for line in body.split(b"\n"):
        data = line if api == "ollama" else line.removeprefix(b"data: ") if line.startswith(b"data: ") else b""
        if data and data != b"[DONE]":
            json.loads(data)
            count += 1
    return count


def time_json(api: str, path: Path) -> dict:
    body = path.read_bytes()
    start, size, events = time.monotonic(), 0, 0
    while time.monotonic() - start < 1:
        events += read_with_json(api, body)
        size += len(body)
    return {"bytes": size, "events": events, "seconds": time.monotonic() - start}


def time_sqlite(path: Path) -> dict:
    """As many rows with as many bytes of packed instants, in batches of 64, in the same journal mode."""
    connection = sqlite3.connect(path, isolation_level=None)
    connection.execute("PRAGMA journal_mode = WAL")
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("CREATE TABLE requests (number INTEGER, target TEXT, outcome TEXT, events TEXT)")
    rows = [
        (number, "t", "ok", json.dumps([[event * 10_000_000 + event * event * 7919 % 1_000_003, 20_000, 5] for event in range(EVENTS)]))
        for number in range(64)
    ]  # fmt: skip
    start = time.monotonic()
    for first in range(0, RECORDS, 64):
        connection.execute("BEGIN")
        connection.executemany("INSERT INTO requests VALUES (?, ?, ?, ?)", rows[: min(64, RECORDS - first)])
        connection.execute("COMMIT")
    seconds = time.monotonic() - start
    connection.close()
    return {"records": RECORDS, "events": RECORDS * EVENTS, "seconds": seconds}


def time_numpy(values: numpy.ndarray) -> dict:
    start = time.monotonic()
    figures = numpy.quantile(numpy.sort(values), [0.5, 0.9, 0.95, 0.99])
    return {"values": len(values), "figures": figures.tolist(), "seconds": time.monotonic() - start}


def run_stage(binary: Path, *arguments: object) -> dict:
    command = [binary, *[str(argument) for argument in arguments]]
    return json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)


def compare(rounds: int, unit: str, ours, theirs) -> dict:
    """The median rate of each side, and the median of the ratios within a round."""
    pairs = []
    for _ in range(rounds):
        theirs_now, ours_now = theirs(), ours()
        pairs.append((ours_now, theirs_now))
    rates = [(one[unit] / one["seconds"], other[unit] / other["seconds"]) for one, other in pairs]
    return {
        "unit": unit,
        "ttft_per_s": statistics.median(rate for rate, _ in rates),
        "reference_per_s": statistics.median(rate for _, rate in rates),
        "ratio": statistics.median(one / other for one, other in rates),
        "last": pairs[-1],
    }


def measure(arguments: argparse.Namespace, folder: Path) -> dict[str, dict]:
    result = {}
    for api, body in capture_bodies(arguments.ttft, folder).items():
        one = compare(
            arguments.rounds, "bytes", lambda: run_stage(arguments.stages, "decode", api, body), lambda: time_json(api, body)
        )
        ours, theirs = one.pop("last")
        # A body is only decoded if its events are found: comments and [DONE] are events too, a line with two kinds is two.
        per_body = [round(side["events"] / side["bytes"] * body.stat().st_size) for side in (ours, theirs)]
        if not per_body[1] <= per_body[0] <= per_body[1] + 10 or per_body[0] < TOKENS:
            raise RuntimeError(f"{api}: {per_body[0]} events where the reference reads {per_body[1]}")
        result[f"decode {api}"] = one | {"events_per_s": ours["events"] / ours["seconds"]}

    def fresh(name: str) -> Path:
        for file in folder.glob(f"{name}*"):
            file.unlink()
        return folder / name

    result["store"] = compare(
        arguments.rounds, "events",
        lambda: run_stage(arguments.stages, "store", fresh("ours.sqlite"), RECORDS, EVENTS),
        lambda: time_sqlite(fresh("theirs.sqlite")),
    )  # fmt: skip
    result["store"].pop("last")
    values = numpy.random.default_rng(1).lognormal(3, 1, VALUES)
    (folder / "values").write_bytes(values.tobytes())
    one = compare(
        arguments.rounds, "values", lambda: run_stage(arguments.stages, "statistics", folder / "values"),
        lambda: time_numpy(values),
    )  # fmt: skip
    ours, theirs = one.pop("last")
    if ours["figures"] != theirs["figures"]:
        raise RuntimeError(f"the percentiles differ: {ours['figures']} and {theirs['figures']}")
    result["statistics"] = one
    return result


def main() -> None:
    parser = argparse.ArgumentParser(description="Times ttft's stages beside references.")
    parser.add_argument("--ttft", type=Path, default=reference.REPOSITORY / ".build/release/ttft")
    parser.add_argument("--stages", type=Path, default=reference.REPOSITORY / ".build/release/stage-benchmarks")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    os.sched_setaffinity(0, reference.cores()[1])
    with tempfile.TemporaryDirectory(prefix="ttft-stages-") as name:
        result = measure(arguments, Path(name))
    if arguments.json:
        print(json.dumps(result, indent=2))
        return
    for name, one in result.items():
        scale, unit = (1e6, "MB/s") if one["unit"] == "bytes" else (1e6, f"million {one['unit']}/s")
        events = f", {one['events_per_s'] / 1e3:.0f} thousand events/s" if "events_per_s" in one else ""
        print(
            f"{name:26} {one['ttft_per_s'] / scale:8.1f} {unit}{events}; "
            f"reference {one['reference_per_s'] / scale:.1f}: {one['ratio']:.2f} times as fast"
        )


if __name__ == "__main__":
    main()
