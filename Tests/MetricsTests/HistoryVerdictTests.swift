import Glibc
import Metrics
import Testing
import Timeline

struct HistoryVerdictTests {
    // y = np.log([100, 103, 98, 101, 99, 102, 97, 104, 100, 101, 99, 102]); n = 12
    // np.exp(y.mean() + stats.t.ppf(1 - .005, 11) * y.std(ddof=1) * np.sqrt(1 + 1/12)) * 1.05
    private let twelve = [100.0, 103, 98, 101, 99, 102, 97, 104, 100, 101, 99, 102]
    private let limit = 112.76027585061182

    @Test func `the limit is that of one new value, beyond the margin`() {
        let verdict = HistoryVerdict(target: "t", figure: "ttft.p50", value: 112, history: twelve)
        #expect(isClose(verdict.limit, limit, tolerance: 1e-9))
        #expect(isClose(verdict.typical, 100.48050779708193, tolerance: 1e-12))
        #expect(verdict.verdict == .passed)
        #expect(HistoryVerdict(target: "t", figure: "ttft.p50", value: 112.8, history: twelve).verdict == .regressed)
        #expect((verdict.detectable ?? 0) * (verdict.typical ?? 0) > limit)
    }

    @Test func `nine runs are too few, and no value decides nothing`() {
        let few = HistoryVerdict(target: "t", figure: "ttft.p50", value: 500, history: Array(twelve.prefix(9)))
        #expect(few.verdict == .inconclusive && few.limit == nil && few.runs == 9)
        #expect(HistoryVerdict(target: "t", figure: "ttft.p50", value: nil, history: twelve).verdict == .inconclusive)
    }

    private func entry(
        _ runID: String, _ value: Double, started: Int64, hash: String = "s", host: String = "h"
    ) -> HistoryEntry {
        HistoryEntry(
            runID: runID, started: started, scenarioHash: hash, hostClass: host,
            figures: ["t": ["ttft.p50": value, "tpot.p50": 5]])
    }

    @Test func `only earlier runs of the same scenario and kind of machine count, each once, the latest first`() {
        let history = twelve.enumerated().map { entry("r\($0)", $1, started: Int64($0)) }
        let strange = [
            entry("other scenario", 1, started: 3, hash: "x"), entry("other machine", 1, started: 3, host: "x"),
            entry("later", 1, started: 99), entry("new", 1, started: 5), entry("r3", 1, started: 3),
        ]
        let new = entry("new", 112, started: 50)
        let verdicts = HistoryVerdict.verdicts(on: new, history: history + strange, limit: 20)
        #expect(verdicts.map(\.figure) == ["ttft.p50", "tpot.p50"])
        #expect(verdicts.map(\.runs) == [12, 12])
        #expect(isClose(verdicts[0].limit, limit, tolerance: 1e-9))
        // What tells no scenario, or no machine, is like nothing else: not even like its own kind.
        for (hash, host) in [("", "h"), ("s", ""), ("s", ", 0 cores"), ("", ", 0 cores")] {
            let unknown = twelve.enumerated().map { entry("r\($0)", $1, started: Int64($0), hash: hash, host: host) }
            let one = entry("new", 500, started: 50, hash: hash, host: host)
            let verdicts = HistoryVerdict.verdicts(on: one, history: unknown, limit: 20)
            #expect(verdicts.map(\.runs) == [0, 0] && verdicts.allSatisfy { $0.verdict == .inconclusive })
        }
        let latest = HistoryVerdict.verdicts(on: new, history: history.reversed(), limit: 10)
        let last10 = HistoryVerdict(target: "t", figure: "ttft.p50", value: 112, history: Array(twelve.suffix(10)))
        #expect(isClose(latest[0].limit, last10.limit ?? 0, tolerance: 1e-12))
    }
}
