"""Computes the summary of an export again, from its rows alone, and compares it with what ttft printed.

    python3 Tests/Reference/recompute.py EXPORT_FOLDER

Uses pandas, NumPy and SciPy and nothing of ttft's; the definitions are those that `ttft explain METRIC` prints. A
printed value agrees where it is the computed one rounded to six decimals. Prints one JSON object: how many cells were
compared per metric, and those that differ.
"""

import argparse
import json
from collections import Counter
from pathlib import Path

import duckdb
import numpy
import pandas
from scipy import stats

LEVEL = 0.95
QUANTILES = {"p50": 0.5, "p75": 0.75, "p90": 0.9, "p95": 0.95, "p99": 0.99, "p99.9": 0.999}
COMPLETE = {"ok", "ok_empty", "ok_refused", "ok_sloppy_end"}
# Half of the last printed digit, and what a sum of doubles may be off by where the digits behind it are 5000...
HALF_DIGIT = 0.5e-6 + 1e-9


class Comparison:
    """Collects the cells of summary.csv that were compared, and those that differ."""

    def __init__(self, summary: pandas.DataFrame):
        self.rows = summary.set_index(["target", "metric", "stat"])
        self.compared, self.differences = Counter(), []

    def check(self, target: str, metric: str, statistic: str, column: str, computed: float | None) -> None:
        cell = self.rows.loc[(target, metric, statistic), column]
        self.compared[metric] += 1
        if computed is None or numpy.isnan(computed):
            agrees = cell == ""
        else:
            agrees = cell != "" and abs(float(cell) - computed) <= HALF_DIGIT
        if not agrees:
            place = f"{target} {metric}.{statistic} {column}"
            self.differences.append(f"{place}: printed '{cell}', computed {computed}")

    def check_column(self, target: str, column: str, printed: pandas.Series, computed: pandas.Series) -> None:
        """A column of requests.csv, request by request."""
        self.compared[column] += len(printed)
        off = (printed - computed).abs().reindex(printed.index.union(computed.index))
        for request in off.index[~(off <= HALF_DIGIT)]:
            self.differences.append(f"{target} request {request}: {column} is not what its events say")


def quantile_bounds(values: numpy.ndarray, probability: float) -> tuple[float | None, float | None]:
    """The order statistics that bound a quantile: each as far inside as the binomial allows for half of the error."""
    count, tail = len(values), (1 - LEVEL) / 2
    # Ranks count from 1. The quantile is below the k-th value with P(X <= k - 1), above the k-th with P(X >= k).
    ranks = numpy.arange(1, count + 1)
    lower = ranks[stats.binom.cdf(ranks - 1, count, probability) <= tail]
    upper = ranks[stats.binom.sf(ranks - 1, count, probability) <= tail]
    if len(lower) == 0 or len(upper) == 0:
        return None, None
    ordered = numpy.sort(values)
    return ordered[lower[-1] - 1], ordered[upper[0] - 1]


def check_requests(comparison: Comparison, target: str, metric: str, values: pandas.Series) -> None:
    """A metric with one value a request: its mean, extremes and percentiles, with their intervals."""
    values = values.dropna().to_numpy()
    for name, probability in QUANTILES.items():
        value = numpy.percentile(values, 100 * probability) if len(values) else None
        comparison.check(target, metric, name, "value", value)
        low, high = quantile_bounds(values, probability)
        comparison.check(target, metric, name, "ci_low", low)
        comparison.check(target, metric, name, "ci_high", high)
    if len(values) > 1:
        comparison.check(target, metric, "mean", "value", values.mean())
        half = stats.t.ppf((1 + LEVEL) / 2, len(values) - 1) * stats.sem(values)
        comparison.check(target, metric, "mean", "ci_low", values.mean() - half)
        comparison.check(target, metric, "mean", "ci_high", values.mean() + half)
        comparison.check(target, metric, "min", "value", values.min())
        comparison.check(target, metric, "max", "value", values.max())


def check_gaps(comparison: Comparison, target: str, metric: str, values, weights) -> None:
    """A metric with one value a gap: each value stands as often as its weight says, for itl once per token."""
    expanded = numpy.repeat(numpy.concatenate(values), numpy.concatenate(weights))
    for name, probability in QUANTILES.items():
        comparison.check(target, metric, name, "value", numpy.percentile(expanded, 100 * probability))
    comparison.check(target, metric, "mean", "value", expanded.mean())
    comparison.check(target, metric, "max", "value", expanded.max())


def reads_of(events: pandas.DataFrame) -> pandas.DataFrame:
    """The reads that completed content, by request and read: when, and how many tokens they brought."""
    reads = events.groupby(["request_index", "read_index"], sort=True)
    return reads.agg(arrival=("offset_ms", "first"), tokens=("tokens", "sum"))


def token_gaps(reads: pandas.DataFrame) -> tuple[numpy.ndarray, numpy.ndarray]:
    """Time per token between reads that brought tokens, and the tokens that have it.

    A read without a token of its own is no end of a gap, but its time is not lost: it belongs to the next token, and
    after the last token to that one.
    """
    arrivals, tokens = reads.arrival.to_numpy(), reads.tokens.to_numpy()
    ends = numpy.flatnonzero(tokens[1:] > 0) + 1
    if len(ends) == 0:
        return numpy.empty(0), numpy.empty(0, dtype=int)
    weights = tokens[ends]
    ends[-1] = len(reads) - 1
    return numpy.diff(arrivals[numpy.concatenate([[0], ends])]) / weights, weights


def check_target(comparison: Comparison, run, requests: pandas.DataFrame, events: pandas.DataFrame) -> None:
    """All metrics of one target; `requests` are its measured attempts."""
    target = run.target
    complete = requests[requests.status.isin(COMPLETE)]
    streams = {key: rows for key, rows in events.groupby("request_index") if key in complete.index}
    reads = dict(list(reads_of(events[events.request_index.isin(complete.index)]).groupby(level="request_index")))

    first = pandas.Series({key: rows.offset_ms.iloc[0] for key, rows in streams.items()}, dtype=float)
    last = pandas.Series({key: rows.offset_ms.iloc[-1] for key, rows in streams.items()}, dtype=float)
    start = complete.start_offset_ms
    check_requests(comparison, target, "ttft", first)
    check_requests(comparison, target, "ttlt", last)
    check_requests(comparison, target, "ttft_sched", first + start - complete.planned_offset_ms)
    check_requests(comparison, target, "queue_delay", complete.dispatch_offset_ms - complete.planned_offset_ms)
    check_requests(comparison, target, "e2e", complete.e2e_ms)
    # What came with the first read took no time that could be told.
    later = pandas.Series({key: rows.tokens.iloc[1:].sum() for key, rows in reads.items()}, dtype=float)
    pace = ((last - first) / later)[later > 0]
    check_requests(comparison, target, "tpot", pace)
    check_requests(comparison, target, "output_speed", 1000 / pace)
    check_requests(comparison, target, "output_tokens", complete.output_tokens.astype(float))
    for column, values in {"ttft_ms": first, "ttlt_ms": last, "tpot_ms": pace}.items():
        comparison.check_column(target, column, complete[column].dropna(), values)

    gaps = [token_gaps(rows) for rows in reads.values()]
    check_gaps(comparison, target, "itl", [values for values, _ in gaps], [weights for _, weights in gaps])
    chunks = [numpy.diff(rows.arrival.to_numpy()) for rows in reads.values()]
    check_gaps(comparison, target, "icl", chunks, [numpy.ones(len(values), dtype=int) for values in chunks])
    check_counts(comparison, run, requests, complete, reads)


def check_counts(comparison: Comparison, run, requests, complete, reads) -> None:
    """The metrics with one value a run."""
    target = run.target
    success = len(complete) / len(requests)
    comparison.check(target, "success", "value", "value", success)
    wilson = stats.binomtest(len(complete), len(requests)).proportion_ci(LEVEL, method="wilson")
    comparison.check(target, "success", "value", "ci_low", wilson.low)
    comparison.check(target, "success", "value", "ci_high", wilson.high)
    seconds = (run.window_end_ms - run.window_start_ms) / 1000
    tokens = sum(
        rows.tokens[rows.arrival + complete.start_offset_ms[key] <= run.window_end_ms + 1e-9].sum()
        for key, rows in reads.items()
    )
    comparison.check(target, "output_throughput", "value", "value", tokens / seconds)
    ended = (complete.start_offset_ms + complete.e2e_ms <= run.window_end_ms + 1e-9).sum()
    comparison.check(target, "request_throughput", "value", "value", ended / seconds)


def check_gap_column(events: pandas.DataFrame) -> list[str]:
    """icl_ms stands on the first event of each read but an attempt's first, and nowhere else."""
    gaps = reads_of(events).arrival.groupby(level="request_index").diff().rename("expected")
    events = events.join(gaps, on=["request_index", "read_index"])
    events.loc[events.duplicated(["request_index", "read_index"]), "expected"] = numpy.nan
    agrees = numpy.isclose(events.icl_ms, events.expected, rtol=0, atol=1e-9, equal_nan=True)
    requests = events.request_index[~agrees].unique()
    return [f"request {request}: icl_ms is not the time since the read before" for request in requests]


def check_loading(folder: Path) -> dict[str, int]:
    """The rows of each file as DuckDB reads them, told nothing of their columns, and as pandas does."""
    rows = {}
    for path in sorted(folder.glob("*.csv")):
        relation = duckdb.sql(f"SELECT * FROM read_csv('{path}')")
        # Its default parser may be off by the last binary digit.
        frame = pandas.read_csv(path, float_precision="round_trip")
        assert list(frame.columns) == relation.columns, path
        rows[path.name] = len(relation)
        assert rows[path.name] == len(frame), path
        # A column without a single value has no type to be told by.
        numbers = list(frame.columns[(frame.dtypes == float) & frame.notna().any()])
        columns = ", ".join(f'"{column}"' for column in numbers)
        cells = duckdb.sql(f"SELECT {columns} FROM read_csv('{path}')").df().astype(float)
        # Cell by cell: sums of many cells depend on their order.
        for column in numbers:
            assert numpy.array_equal(cells[column], frame[column], equal_nan=True), (path, column)
    return rows


def main() -> None:
    parser = argparse.ArgumentParser(description="Compute a summary again from the rows of an export.")
    parser.add_argument("export", type=Path, help="folder with requests.csv, events.csv, runs.csv and summary.csv")
    folder = parser.parse_args().export
    requests = pandas.read_csv(folder / "requests.csv")
    events = pandas.read_csv(folder / "events.csv")
    events = events[events.kind.isin(["text", "reasoning", "tool", "refusal"])].astype({"tokens": int})
    summary = pandas.read_csv(folder / "summary.csv", dtype=str, keep_default_na=False)
    comparison = Comparison(summary)
    measured = requests[requests.phase == "measured"]
    for run in pandas.read_csv(folder / "runs.csv").itertuples():
        own = measured[measured.target == run.target].set_index("request_index")
        # What the tool cancelled on purpose is neither a success nor a failure; it is load all the same.
        assert numpy.isclose(run.window_start_ms, own.start_offset_ms.min(), rtol=0, atol=1e-9), "window_start_ms"
        own = own[own.cancel_time_ms.isna()]
        check_target(comparison, run, own, events)
    print(
        json.dumps(
            {
                "rows": check_loading(folder),
                "compared": comparison.compared,
                "differences": comparison.differences + check_gap_column(events),
            },
            indent=2,
        )
    )


if __name__ == "__main__":
    main()
