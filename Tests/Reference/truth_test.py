"""The join of truth.py on small runs whose every figure is worked by hand: python3 Tests/Reference/truth_test.py"""

import json
import tempfile
import unittest
from pathlib import Path

import truth

RUN_START = 5_000_000_000_000
REQUESTS = "run_id,request_index,attempt,client_request_id,start_offset_ms,ttft_ms\n"
EVENTS = (
    "run_id,request_index,attempt,event_index,kind,offset_ms,read_index,read_offset_ms,late_bound_ms,icl_ms,tokens\n"
)


class Run:
    """Writes an export and a log into a temporary folder and compares them."""

    def __init__(self):
        self.requests, self.events, self.log = [], [], []

    def compare(self) -> dict:
        with tempfile.TemporaryDirectory() as name:
            folder = Path(name)
            (folder / "runs.csv").write_text(f"run_id,started_monotonic_ns\nr,{RUN_START}\n")
            (folder / "requests.csv").write_text(REQUESTS + "".join(row + "\n" for row in self.requests))
            (folder / "events.csv").write_text(EVENTS + "".join(row + "\n" for row in self.events))
            (folder / "log.jsonl").write_text("".join(json.dumps(line) + "\n" for line in self.log))
            return truth.compare(truth.read_export(folder), truth.read_send_log(folder / "log.jsonl"))


def refserver_line(request_id: str, body: int, first: int, offsets: list[int]) -> dict:
    return {"id": request_id, "body_ns": RUN_START + body, "first_ns": RUN_START + first, "off_ns": offsets}


class TruthTest(unittest.TestCase):
    def three_events(self) -> Run:
        # Sent at 1 ms; the events leave at 11, 21 and 31 ms and arrive 5, 7 and 4 us later.
        run = Run()
        run.requests = ["r,0,1,a,1.000000,10.005000"]
        run.events = [
            "r,0,1,0,text,10.005000,0,10.040000,0.002000,,1",
            "r,0,1,1,text,20.007000,1,20.050000,0.002000,10.002000,1",
            "r,0,1,2,text,30.004000,2,30.060000,0.002000,9.997000,1",
        ]
        run.log = [refserver_line("a", 1_020_000, 11_000_000, [0, 10_000_000, 20_000_000])]
        return run

    def test_delays_are_instants_minus_sends(self):
        figures = self.three_events().compare()
        self.assertEqual(figures["content_events"], 3)
        self.assertEqual(figures["arrival_minus_send_us"], {"min": 4.0, "p50": 5.0, "p99": 6.96, "max": 7.0})
        self.assertEqual(figures["reading_minus_send_us"], {"min": 40.0, "p50": 50.0, "p99": 59.8, "max": 60.0})
        self.assertEqual(figures["arrival_minus_send_minus_late_bound_us"]["max"], 5.0)

    def test_time_to_first_token_by_both_sides(self):
        figures = self.three_events().compare()
        self.assertEqual(figures["ttft_ms"]["measured"]["p50"], 10.005)
        self.assertEqual(figures["ttft_ms"]["sent"]["p50"], 9.98)
        self.assertEqual(figures["ttft_error_us"]["p50"], 25.0)

    def test_gap_errors(self):
        figures = self.three_events().compare()
        self.assertEqual(figures["gaps"], 2)
        self.assertEqual(figures["gap_error_of_request_us"]["worst"]["max"], -3.0)
        self.assertEqual(figures["gap_error_of_request_us"]["mean"]["max"], -0.5)

    def test_events_of_one_read_have_no_gap_and_the_read_counts_as_its_last_event(self):
        run = self.three_events()
        # The second and third event come in one read, dated by the third, sent 20 ms after the first.
        run.events[1] = "r,0,1,1,text,30.004000,1,30.060000,10.000000,19.999000,1"
        run.events[2] = "r,0,1,2,text,30.004000,1,30.060000,0.002000,,1"
        figures = run.compare()
        self.assertEqual(figures["gaps"], 1)
        self.assertEqual(figures["gap_error_of_request_us"]["worst"]["max"], -1.0)
        self.assertEqual(figures["arrival_minus_send_us"]["max"], 10_004.0)
        self.assertEqual(figures["arrival_minus_send_minus_late_bound_us"]["max"], 4.0)

    def test_a_simulator_log_counts_only_sends_that_carry_tokens(self):
        run = self.three_events()
        offsets = [10_999_000, 11_000_000, 15_000_000, 21_000_000, 31_000_000, 31_000_500]
        sends = [RUN_START + offset for offset in offsets]
        run.log = [{"id": "a", "body_ns": RUN_START + 1_020_000, "sends_ns": sends, "kinds": "rhctlf"}]
        figures = run.compare()
        self.assertEqual(figures["arrival_minus_send_us"]["p50"], 5.0)
        self.assertIsNone(figures["arrival_minus_late_bound_minus_return_us"])
        # Each send returned after 3 us, so that arrivals are 2, 4 and 1 us after that, and the bound takes 2 off.
        run.log[0]["returned_ns"] = [instant + 3_000 for instant in sends]
        figures = run.compare()
        after = figures["arrival_minus_return_us"]
        self.assertEqual((after["min"], after["p50"], after["max"]), (1.0, 2.0, 4.0))
        beyond = figures["arrival_minus_late_bound_minus_return_us"]
        self.assertEqual((beyond["min"], beyond["p50"], beyond["max"]), (-1.0, 0.0, 2.0))

    def test_unmatched_requests_are_listed_on_their_side(self):
        run = self.three_events()
        run.requests.append("r,1,1,b,2.000000,")
        run.log += [refserver_line("c", 0, 0, []), refserver_line("", 0, 0, [])]
        report = run.compare()["requests"]
        self.assertEqual(report["joined"], 1)
        self.assertEqual(report["only_measured"], {"count": 1, "ids": ["b"]})
        self.assertEqual(report["only_sent"], {"count": 1, "ids": ["c"]})
        self.assertEqual(report["sent_without_id"], 1)

    def test_a_lost_event_is_reported_and_not_compared(self):
        run = self.three_events()
        del run.events[1]
        figures = run.compare()
        self.assertEqual(figures["requests"]["different_content_count"], {"count": 1, "ids": ["a"]})
        self.assertIsNone(figures["arrival_minus_send_us"])

    def test_an_id_that_was_sent_twice_is_ambiguous(self):
        run = self.three_events()
        run.log *= 2
        self.assertEqual(run.compare()["requests"]["ambiguous"], {"count": 1, "ids": ["a"]})

    def test_events_without_tokens_are_skipped(self):
        run = self.three_events()
        run.events.insert(0, "r,0,1,9,role,0.500000,0,0.600000,0.002000,,0")
        self.assertEqual(run.compare()["content_events"], 3)

    def test_milliseconds_become_whole_nanoseconds(self):
        self.assertEqual(truth.nanoseconds("1234.000001"), 1_234_000_001)
        self.assertEqual(truth.nanoseconds("-0.5"), -500_000)
        self.assertIsNone(truth.nanoseconds(""))

    def test_a_missing_column_is_named(self):
        with tempfile.TemporaryDirectory() as name:
            (Path(name) / "runs.csv").write_text("run_id\nr\n")
            with self.assertRaisesRegex(SystemExit, "runs.csv: no column started_monotonic_ns"):
                truth.read_export(Path(name))


if __name__ == "__main__":
    unittest.main()
