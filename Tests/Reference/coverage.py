"""Counts how often the bound that ttft states for a printed figure covers the figure's true error.

    python3 Tests/Reference/coverage.py [--ttft BINARY] [--runs 40] [--seed 1] [--protocol P] [--json]

Many short runs against refserver, each with a number of streams, a tempo and a trouble drawn at random: none, CPU hogs
beside it, a SIGSTOP of ttft for 50 ms, or stamps taken when read; over HTTP/1.1 in the clear, TLS or HTTP/2. The truth of a figure is the same figure of the instants
at which the server sent, so that the server's own lateness is no error of ttft's. A send is at most as late as the
kernel's way to the socket, which ttft cannot see: so much (--path-us) is allowed beyond the bound.
"""

import argparse
import json
import random
import sys
import tempfile
from pathlib import Path

import reference
import truth
from coverage_cases import PROTOCOLS, draw, measure

STATISTICS = {"p50": 0.5, "p90": 0.9, "p99": 0.99, "max": 1.0}
METRICS = ["ttft", "tpot", "itl", "e2e"]


def true_values(metric: str, pairs: list) -> list[float]:
    """A metric of every request or token, in milliseconds, had each content event arrived when it was sent."""
    values = []
    for row, attempt, answer in pairs:
        sent = attempt.events[0].arrival - truth.nanoseconds(row["ttft_ms"])
        first, last = answer.content_sends[0], answer.content_sends[-1]
        if metric == "ttft":
            values.append((first - sent) / 1e6)
        elif metric == "e2e":
            if answer.done is not None:
                values.append((answer.done - sent) / 1e6)
        elif metric == "tpot":
            # Tokens that came with the first read do not count, and the read stands for the last of them.
            together = sum(event.read_index == attempt.events[0].read_index for event in attempt.events)
            if together < len(answer.content_sends):
                first = answer.content_sends[together - 1]
                values.append((last - first) / 1e6 / (len(answer.content_sends) - together))
        elif metric == "itl":
            values += token_gaps(attempt, answer)
    return sorted(values)


def token_gaps(attempt, answer) -> list[float]:
    """The gap that each token after the first read's ended: a read stands for its last token, and all its tokens share."""
    reads = {}
    for event, send in zip(attempt.events, answer.content_sends, strict=True):
        reads.setdefault(event.read_index, []).append(send)
    gaps, previous = [], None
    for sends in reads.values():
        if previous is not None:
            gaps += [(sends[-1] - previous) / 1e6 / len(sends)] * len(sends)
        previous = sends[-1]
    return gaps


def judge(summary: dict, pairs: list, path_ms: float) -> list[dict]:
    """For each printed figure: its true error, its bound, and whether the one covers the other."""
    figures = []
    for metric in summary["targets"][0]["metrics"]:
        values = true_values(metric["name"], pairs) if metric["name"] in METRICS else []
        for estimate in metric["estimates"] if values else []:
            statistic, low, high = estimate["stat"], estimate.get("measurement_low"), estimate.get("measurement_high")
            if statistic not in STATISTICS or low is None:
                continue
            fact = truth.quantile(values, STATISTICS[statistic])
            value = estimate["value"]
            figures.append(
                {
                    "figure": f"{metric['name']}.{statistic}",
                    "error_ms": abs(value - fact),
                    "bound_ms": max(value - low, high - value),
                    "covered": low - path_ms <= fact <= high + path_ms,
                }
            )
    return figures


def main() -> None:
    parser = argparse.ArgumentParser(description="How often ttft's stated bounds cover the true errors.")
    parser.add_argument("--ttft", type=Path, default=reference.REPOSITORY / ".build/release/ttft")
    parser.add_argument("--runs", type=int, default=40)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--protocol", choices=PROTOCOLS, help="only this one; default: each in a third of the runs")
    parser.add_argument("--path-us", type=float, default=50)
    parser.add_argument("--json", action="store_true")
    parser.add_argument("--at-least", type=float, default=0.0, help="exit with 1 where fewer of a figure's runs are covered")
    arguments = parser.parse_args()
    reference.build()
    generator = random.Random(arguments.seed)
    figures = {}
    with tempfile.TemporaryDirectory(prefix="ttft-coverage-") as name:
        for number in range(arguments.runs):
            case = draw(generator, arguments.protocol)
            judged = judge(*measure(case, arguments.ttft, Path(name)), arguments.path_us / 1e3)
            for figure in judged:
                figures.setdefault(figure["figure"], []).append(figure)
            missed = [f"{f['figure']} off {f['error_ms']:.3f} bound {f['bound_ms']:.3f}" for f in judged if not f["covered"]]
            print(f"{number + 1}: {case} {'; '.join(missed) or 'covered'}", file=sys.stderr, flush=True)
    result = {
        name: {
            "runs": len(each),
            "covered": sum(figure["covered"] for figure in each),
            "error_p50_ms": truth.quantile(sorted(figure["error_ms"] for figure in each), 0.5),
            "bound_p50_ms": truth.quantile(sorted(figure["bound_ms"] for figure in each), 0.5),
        }
        for name, each in figures.items()
    }
    if arguments.json:
        print(json.dumps(result, indent=2))
    for name, each in [] if arguments.json else result.items():
        print(
            f"{name:10} covered in {each['covered']} of {each['runs']} runs; "
            f"median error {each['error_p50_ms'] * 1e3:.1f} us, median bound {each['bound_p50_ms'] * 1e3:.1f} us"
        )
    if not result or any(each["covered"] < arguments.at_least * each["runs"] for each in result.values()):
        sys.exit(1)


if __name__ == "__main__":
    main()
