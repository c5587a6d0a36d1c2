"""Compares the SQL views of a database with the rows of the export of its one run, nanosecond by nanosecond.

    python3 Tests/Reference/stored_views.py DATABASE EXPORT_FOLDER

The export must have been written with --all-events. Prints one JSON object: the rows compared, and those that differ.
"""

import argparse
import csv
import json
import sqlite3
from pathlib import Path

EVENTS = """
    SELECT run_id, request_index, attempt, event_index, kind, arrival_ns - sent_ns, read_index, reading_ns - sent_ns,
        late_bound_ns, characters, content_bytes
    FROM events JOIN requests USING (run_id, request_index, attempt)
"""
EVENT_COLUMNS = (
    "run_id request_index attempt event_index kind offset_ms read_index read_offset_ms late_bound_ms chars bytes"
)
TIMINGS = """
    SELECT run_id, request_index, attempt, target, phase, outcome, ttft_ns, ttfat_ns, ttlt_ns, e2e_ns, ttft_sched_ns
    FROM stream_timings
"""
TIMING_COLUMNS = "run_id request_index attempt target phase status ttft_ms ttfat_ms ttlt_ms e2e_ms ttft_sched_ms"


def milliseconds(nanoseconds: int | None) -> str:
    """Nanoseconds as exports print them: milliseconds with six decimals, and nothing where there is no value."""
    if nanoseconds is None:
        return ""
    whole, part = divmod(abs(nanoseconds), 1_000_000)
    return f"{'-' if nanoseconds < 0 else ''}{whole}.{part:06d}"


def cells(values: tuple, columns: list[str]) -> tuple[str, ...]:
    """A row of a view as the export prints it."""
    return tuple(
        milliseconds(value) if column.endswith("_ms") else "" if value is None else str(value)
        for value, column in zip(values, columns, strict=True)
    )


def compare(connection: sqlite3.Connection, query: str, names: str, path: Path) -> dict:
    """The rows of a view and of a file, as sets."""
    columns = names.split()
    stored = {cells(row, columns) for row in connection.execute(query)}
    with path.open(newline="", encoding="utf-8") as file:
        exported = {tuple(row[column] for column in columns) for row in csv.DictReader(file)}
    return {
        "rows": len(stored & exported),
        "only_stored": sorted(stored - exported)[:5],
        "only_exported": sorted(exported - stored)[:5],
    }


def main() -> None:
    parser = argparse.ArgumentParser(description="Compare the views of a database with an export of its one run.")
    parser.add_argument("database", type=Path)
    parser.add_argument("export", type=Path)
    arguments = parser.parse_args()
    connection = sqlite3.connect(f"file:{arguments.database}?mode=ro", uri=True)
    print(
        json.dumps(
            {
                "events": compare(connection, EVENTS, EVENT_COLUMNS, arguments.export / "events.csv"),
                "stream_timings": compare(connection, TIMINGS, TIMING_COLUMNS, arguments.export / "requests.csv"),
            },
            indent=2,
        )
    )


if __name__ == "__main__":
    main()
