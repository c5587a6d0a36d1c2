"""Compares what ttft measured with what a server on the same machine says it sent, request by request.

    python3 Tests/Reference/truth.py EXPORT_FOLDER SEND_LOG

EXPORT_FOLDER is what `ttft export RUN --output EXPORT_FOLDER` wrote; SEND_LOG has one JSON object a line, from
refserver or from `ttft simulate`. Both sides give instants of CLOCK_MONOTONIC, so that they join by request id and
subtract. Prints one JSON object. Only attempts whose content events are as many as the server's content sends are
compared in time; the others are listed.
"""

import argparse
import csv
import json
import math
from collections import defaultdict
from dataclasses import dataclass, field
from pathlib import Path

CONTENT_KINDS = "thl"  # text, reasoning and tool calls, in the letters of the simulator's log
LISTED_IDS = 10


@dataclass(slots=True)
class Event:
    """A content event as ttft exported it; instants in nanoseconds of CLOCK_MONOTONIC."""

    arrival: int
    reading: int
    read_index: int
    late_bound: int | None
    gap: int | None


@dataclass(slots=True)
class Attempt:
    """One row of requests.csv with its content events."""

    request_id: str
    time_to_first_token: int | None
    events: list[Event] = field(default_factory=list)


@dataclass(slots=True)
class Answer:
    """One line of a send log: when the request was read and when each content event was sent.

    The simulator also logs when the call that sent an event had returned: on loopback it has arrived by then.
    """

    request_id: str
    request_read: int
    content_sends: list[int]
    content_returns: list[int] | None = None
    #: When the end marker was sent; None where it was not.
    done: int | None = None


def nanoseconds(milliseconds: str) -> int | None:
    """Milliseconds with up to six decimals, exactly; None for an empty cell."""
    if not milliseconds:
        return None
    whole, _, decimals = milliseconds.partition(".")
    return int(whole + decimals.ljust(6, "0"))


def rows(path: Path, needed: str):
    """The rows of a CSV file that must have the columns named in `needed`."""
    with path.open(newline="", encoding="utf-8") as file:
        reader = csv.DictReader(file)
        missing = set(needed.split()) - set(reader.fieldnames or [])
        if missing:
            raise SystemExit(f"{path}: no column {', '.join(sorted(missing))}")
        yield from reader


def read_export(folder: Path) -> list[Attempt]:
    """The attempts in requests.csv, events.csv and runs.csv of a folder that `ttft export` wrote."""
    run_starts = {
        row["run_id"]: int(row["started_monotonic_ns"])
        for row in rows(folder / "runs.csv", "run_id started_monotonic_ns")
    }
    attempts, send_instants = {}, {}
    columns = "run_id request_index attempt client_request_id start_offset_ms ttft_ms"
    for row in rows(folder / "requests.csv", columns):
        key = row["run_id"], row["request_index"], row["attempt"]
        attempts[key] = Attempt(row["client_request_id"], nanoseconds(row["ttft_ms"]))
        offset = nanoseconds(row["start_offset_ms"])
        send_instants[key] = None if offset is None else run_starts[row["run_id"]] + offset
    columns = "run_id request_index attempt kind offset_ms read_index read_offset_ms late_bound_ms icl_ms tokens"
    for row in rows(folder / "events.csv", columns):
        key = row["run_id"], row["request_index"], row["attempt"]
        if row["kind"] not in ("text", "reasoning", "tool", "refusal"):
            continue  # an export with --all-events also has what carries no token
        offset = nanoseconds(row["offset_ms"])
        reading = nanoseconds(row["read_offset_ms"])
        attempts[key].events.append(
            Event(
                arrival=send_instants[key] + offset,
                reading=send_instants[key] + (offset if reading is None else reading),
                read_index=int(row["read_index"]),
                late_bound=nanoseconds(row["late_bound_ms"]),
                gap=nanoseconds(row["icl_ms"]),
            )
        )
    return list(attempts.values())


def read_send_log(path: Path) -> list[Answer]:
    """The answers in a log of refserver (`first_ns`, `off_ns`) or of the simulator (`sends_ns`, `kinds`)."""
    answers = []
    with path.open(encoding="utf-8") as file:
        for line in file:
            entry = json.loads(line)
            returns = None
            if "sends_ns" in entry:
                sends = content_instants(entry, "sends_ns")
                if "returned_ns" in entry:
                    returns = content_instants(entry, "returned_ns")
            else:
                sends = [entry["first_ns"] + offset for offset in entry["off_ns"]]
            answers.append(Answer(entry["id"], entry["body_ns"], sends, returns, entry.get("done_ns") or None))
    return answers


def content_instants(entry: dict, name: str) -> list[int]:
    """The instants of a line of the simulator's log that belong to sends of content."""
    pairs = zip(entry[name], entry["kinds"], strict=True)
    return [instant for instant, kind in pairs if kind in CONTENT_KINDS]


def quantile(ordered: list, probability: float) -> float:
    """The type 7 quantile (Hyndman and Fan 1996) of values in ascending order."""
    position = (len(ordered) - 1) * probability
    below = math.floor(position)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (position - below) * (ordered[above] - ordered[below])


def spread(values: list[int], unit: int) -> dict | None:
    """Minimum, p50, p99 and maximum of nanoseconds, divided by `unit`; None where there are no values."""
    if not values:
        return None
    ordered = sorted(values)
    figures = {"min": ordered[0], "p50": quantile(ordered, 0.5), "p99": quantile(ordered, 0.99), "max": ordered[-1]}
    return {name: figure / unit for name, figure in figures.items()}


def gap_errors(attempt: Attempt, answer: Answer) -> list[int]:
    """For each gap that ttft gives: its length minus that between the sends, in nanoseconds.

    A gap runs between two reads that completed content. A read is dated by the last bytes in it, and so stands for the
    last of its events.
    """
    send_of_read = {}
    for event, send in zip(attempt.events, answer.content_sends, strict=True):
        send_of_read[event.read_index] = send
    errors, previous = [], None
    for event in attempt.events:
        if event.read_index == previous:
            continue
        if event.gap is not None and previous is not None:
            errors.append(event.gap - (send_of_read[event.read_index] - send_of_read[previous]))
        previous = event.read_index
    return errors


def pair(attempts: list[Attempt], answers: list[Answer]) -> tuple[list[tuple[Attempt, Answer]], dict]:
    """The attempts and answers that share an id and a number of content events, and a report on all others."""
    measured, sent = defaultdict(list), defaultdict(list)
    for attempt in attempts:
        measured[attempt.request_id].append(attempt)
    for answer in answers:
        sent[answer.request_id].append(answer)
    without_id = len(sent.pop("", []))
    pairs, ambiguous, different = [], [], []
    for request_id in measured.keys() & sent.keys():
        if len(measured[request_id]) > 1 or len(sent[request_id]) > 1:
            ambiguous.append(request_id)
        elif len(measured[request_id][0].events) != len(sent[request_id][0].content_sends):
            different.append(request_id)
        else:
            pairs.append((measured[request_id][0], sent[request_id][0]))
    listed = {
        "only_measured": measured.keys() - sent.keys(),
        "only_sent": sent.keys() - measured.keys(),
        "ambiguous": ambiguous,
        "different_content_count": different,
    }
    report = {name: {"count": len(ids), "ids": sorted(ids)[:LISTED_IDS]} for name, ids in listed.items()}
    return pairs, {"joined": len(pairs), "sent_without_id": without_id, **report}


def compare(attempts: list[Attempt], answers: list[Answer]) -> dict:
    """Everything that the two sides say of each other, ready for JSON."""
    pairs, report = pair(attempts, answers)
    arrivals, readings, beyond_bound, after_return, beyond_return = [], [], [], [], []
    first_measured, first_sent, first_errors, worst_gaps, mean_gaps = [], [], [], [], []
    gap_count = 0
    for attempt, answer in pairs:
        for event, send in zip(attempt.events, answer.content_sends, strict=True):
            arrivals.append(event.arrival - send)
            readings.append(event.reading - send)
            if event.late_bound is not None:
                beyond_bound.append(event.arrival - send - event.late_bound)
        if answer.content_returns is not None:
            for event, returned in zip(attempt.events, answer.content_returns, strict=True):
                after_return.append(event.arrival - returned)
                if event.late_bound is not None:
                    beyond_return.append(event.arrival - event.late_bound - returned)
        if attempt.time_to_first_token is not None and answer.content_sends:
            first_measured.append(attempt.time_to_first_token)
            first_sent.append(answer.content_sends[0] - answer.request_read)
            first_errors.append(first_measured[-1] - first_sent[-1])
        errors = gap_errors(attempt, answer)
        gap_count += len(errors)
        if errors:
            worst_gaps.append(max(errors, key=abs))
            mean_gaps.append(round(sum(errors) / len(errors)))
    return {
        "requests": report,
        "content_events": len(arrivals),
        "arrival_minus_send_us": spread(arrivals, 1_000),
        "reading_minus_send_us": spread(readings, 1_000),
        "arrival_minus_send_minus_late_bound_us": spread(beyond_bound, 1_000),
        "arrival_minus_return_us": spread(after_return, 1_000),
        "arrival_minus_late_bound_minus_return_us": spread(beyond_return, 1_000),
        "ttft_ms": {"measured": spread(first_measured, 1_000_000), "sent": spread(first_sent, 1_000_000)},
        "ttft_error_us": spread(first_errors, 1_000),
        "gaps": gap_count,
        "gap_error_of_request_us": {"worst": spread(worst_gaps, 1_000), "mean": spread(mean_gaps, 1_000)},
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Compare an export of ttft with a server's log of its sends.")
    parser.add_argument("export", type=Path, help="folder with requests.csv, events.csv and runs.csv")
    parser.add_argument("log", type=Path, help="send log, one JSON object a line")
    arguments = parser.parse_args()
    print(json.dumps(compare(read_export(arguments.export), read_send_log(arguments.log)), indent=2))


if __name__ == "__main__":
    main()
