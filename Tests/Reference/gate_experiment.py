"""How often ttft ab is right, counted with the real program against a server whose speed wanders.

Each gate has a server of its own, with drift, luck with connections, and twice as much jitter on one side as on the
other. Beside each verdict stands that of a naive gate on the same data: the ratio of the medians above 1.05.
"""

import argparse
import json
import subprocess
import sys
import tempfile
from pathlib import Path

SERVER = Path(__file__).with_name("drifting_server.py")
WORLDS = [
    # name, ratio of TTFT, ratio of TPOT, how often regressed is right
    ("equal", 1.0, 1.0, "at most 1"),
    ("TPOT and TTFT +4 %", 1.04, 1.04, "never"),
    ("TPOT +20 %", 1.0, 1.2, "at least 96 %"),
    ("TTFT +30 %", 1.3, 1.0, "at least 96 %"),
]
SCENARIO = """\
name: gate-experiment
seed: {seed}
targets:
  - {{name: baseline, api: openai-chat, model: m, base_url: "http://127.0.0.1:{port}/ttft=1.0,tpot=1.0,jitter={jitters[0]}/v1"}}
  - {{name: candidate, api: openai-chat, model: m, base_url: "http://127.0.0.1:{port}/ttft={ttft},tpot={tpot},jitter={jitters[1]}/v1"}}
prompts: [{{text: Hello}}]
load: {{closed: {{concurrency: 4}}, requests: 10, warmup: {{requests: 4}}}}
"""


class Gate:
    def __init__(self, arguments, folder, seed, first_token, pace, pairs, most):
        server = subprocess.Popen(
            [sys.executable, SERVER, str(seed)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        try:
            port = int(server.stdout.readline())
            # Either side may be the restless one.
            jitters = (0.1, 0.2) if seed % 2 else (0.2, 0.1)
            scenario = Path(folder) / "gate.yaml"
            scenario.write_text(
                SCENARIO.format(seed=seed, port=port, ttft=first_token, tpot=pace, jitters=jitters))
            database = str(Path(folder) / "gates.sqlite")
            result = subprocess.run(
                [arguments.ttft, "ab", scenario, "--baseline", "baseline", "--candidate", "candidate",
                 "--pairs", str(pairs), "--max-pairs", str(most), "--json", "--allow-client-limited", "--db", database],
                capture_output=True, text=True)
        finally:
            server.stdin.close()
            server.wait()
        if result.returncode not in (0, 3):
            raise SystemExit(f"ttft ab: {result.returncode}\n{result.stdout}{result.stderr}")
        answer = json.loads(result.stdout)
        assert (answer["verdict"] == "regressed") == (result.returncode == 3)
        self.verdict = answer["verdict"]
        self.pairs = answer["pairs"]
        report = subprocess.run(
            [arguments.ttft, "report", answer["run_id"], "--json", "--db", database],
            capture_output=True, text=True, check=True)
        self.naive = naive_verdict(json.loads(report.stdout))
        Path(database).unlink()


def naive_verdict(report):
    """Whether a median of the candidate is more than 5 % above that of the baseline."""
    medians = []
    for target in report["targets"]:
        metrics = {metric["name"]: metric for metric in target["metrics"]}
        medians.append([
            next(figure["value"] for figure in metrics[name]["estimates"] if figure["stat"] == "p50")
            for name in ("ttft", "tpot")])
    return any(candidate / baseline > 1.05 for baseline, candidate in zip(*medians))


def is_right(rule, regressed, gates):
    return {
        "at most 1": regressed <= 1, "never": regressed == 0, "at least 96 %": regressed >= 0.96 * gates}[rule]


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--ttft", default=".build/release/ttft")
    parser.add_argument("--gates", type=int, default=50, help="gates for each world")
    parser.add_argument("--pairs", type=int, default=150)
    arguments = parser.parse_args()
    most = 2 * arguments.pairs
    print(f"{arguments.gates} gates for each world, {arguments.pairs} pairs and {most} where these leave it open.\n")
    print("| world | regressed | passed | inconclusive | pairs on average | naive gate fails | regressed is right |")
    print("| --- | ---: | ---: | ---: | ---: | ---: | --- |")
    failures = []
    naive_is_right = True
    with tempfile.TemporaryDirectory() as folder:
        for name, first_token, pace, right in WORLDS:
            gates = [
                Gate(arguments, folder, seed, first_token, pace, arguments.pairs, most)
                for seed in range(1, arguments.gates + 1)]
            counts = [sum(gate.verdict == word for gate in gates) for word in ("regressed", "passed", "inconclusive")]
            naive = sum(gate.naive for gate in gates)
            mean = sum(gate.pairs for gate in gates) / len(gates)
            print(f"| {name} | {counts[0]} | {counts[1]} | {counts[2]} | {mean:.0f} | {naive} | {right} |", flush=True)
            if not is_right(right, counts[0], len(gates)):
                failures.append(name)
            naive_is_right = naive_is_right and is_right(right, naive, len(gates))
        few = [Gate(arguments, folder, seed, 1.0, 1.0, 10, 10).verdict for seed in range(1, 6)]
        print(f"\nTen pairs of equal sides: {', '.join(few)}.")
        if any(verdict == "regressed" for verdict in few) or "inconclusive" not in few:
            failures.append("too few pairs")
        if naive_is_right:
            failures.append("the naive gate is right too: these worlds are too calm to tell gates apart")
    if failures:
        raise SystemExit(f"not as it should be: {', '.join(failures)}")


if __name__ == "__main__":
    main()
