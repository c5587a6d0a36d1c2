"""Measures how late ttft sends the requests of an open loop, beside a bare timerfd loop at the same rate.

    python3 Tests/Reference/dispatch.py [--ttft BINARY] [--rate 2000] [--seconds 5] [--rounds 5] [--json]

Both run in turn on the same cores. The lateness of ttft is dispatched - planned of every request (queue_delay_ms of its
summary); that of the loop is reading - due of every wake. refserver answers on a core of its own, where there is one.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

import benchmark
import reference

GOAL_RATIO = 2.0
OPEN_LOOP = "  open: {{rate: {rate}, arrivals: constant}}\n  duration: {seconds}s\n"


def loop_lateness(rate: float, seconds: float) -> dict:
    """The bare loop's lateness in microseconds."""
    command = [reference.BINARIES / "timer_loop", "--rate", str(rate), "-d", str(seconds)]
    return json.loads(reference.measure(command, timeout=seconds + 30).output)["lateness_us"]


def ttft_lateness(ttft: Path, rate: float, seconds: float, folder: Path) -> dict:
    """The lateness of ttft's dispatcher in microseconds, against short answers that leave the server idle."""
    scenario, database = folder / "dispatch.yaml", folder / "dispatch.sqlite"
    head = benchmark.SCENARIO[: benchmark.SCENARIO.index("  closed:")]
    with reference.Server("--itl-ms 1 --ttft-ms 5 --tokens 1".split(), folder / "dispatch.jsonl") as server:
        text = (head + OPEN_LOOP).format(url=server.url, target_keys="", tokens=1, rate=rate, seconds=seconds)
        scenario.write_text(text)
        command = [ttft, "run", scenario, "--db", database, "--json", "--quiet", "--allow-client-limited"]
        target = json.loads(reference.measure(command, timeout=seconds + 60).output)["targets"][0]
    if target["complete"] != round(rate * seconds):
        raise RuntimeError(f"{target['complete']} of {round(rate * seconds)} requests were complete")
    return {name: value * 1e3 for name, value in target["measurement_error"]["queue_delay_ms"].items()}


def main() -> None:
    parser = argparse.ArgumentParser(description="How late ttft sends, beside a bare timerfd loop.")
    parser.add_argument("--ttft", type=Path, default=reference.REPOSITORY / ".build/release/ttft")
    parser.add_argument("--rate", type=int, default=2000)
    parser.add_argument("--seconds", type=int, default=5)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--json", action="store_true")
    arguments = parser.parse_args()
    reference.build()
    rounds = []
    with tempfile.TemporaryDirectory(prefix="ttft-dispatch-") as name:
        for number in range(1, arguments.rounds + 1):
            bare = loop_lateness(arguments.rate, arguments.seconds)
            ours = ttft_lateness(arguments.ttft, arguments.rate, arguments.seconds, Path(name))
            rounds.append({"timer_loop_us": bare, "ttft_us": ours, "ratio": ours["p99"] / bare["p99"]})
            text = f"round {number}: timer loop p99 {bare['p99']:.1f} us, ttft p99 {ours['p99']:.1f} us"
            print(text, file=sys.stderr, flush=True)
    ratio = benchmark.middle([each["ratio"] for each in rounds])
    if arguments.json:
        print(json.dumps({"rate": arguments.rate, "rounds": rounds, "ratio": ratio, "goal": GOAL_RATIO}, indent=2))
    else:
        print(f"Dispatch lateness p99 at {arguments.rate:,} requests/s, ttft / bare timerfd loop: "
              f"{benchmark.spread_text(ratio, 2)}; goal at most {GOAL_RATIO:.0f}.")


if __name__ == "__main__":
    main()
