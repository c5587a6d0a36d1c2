import Foundation
import Testing
import Timeline

extension MeasurementTests {
    /// A stranger with the exported rows, pandas and the definitions must come to every figure that was printed.
    @Suite struct RecomputationTests {
        @Test(arguments: ["requests: 40", "duration: 2s"])
        func `pandas computes every printed figure again to the last digit`(amount: String) throws {
            let run = try MeasuredRun(EveryKind.scenario(amount: amount))
            let outcomes = Set(try run.rows("requests.csv").compactMap { $0["status"] })
            #expect(outcomes == ["ok", "ok_sloppy_end", "truncated", "http_error"])

            let result = try Recomputation(run.export)
            print("recomputed \(amount): \(result.compared.text)")
            #expect(result.differences == [])
            for metric in ["ttft", "tpot", "itl", "icl", "e2e", "ttft_sched", "success", "output_throughput"] {
                #expect((result.compared[metric]?.integerValue ?? 0) >= 7, "\(metric) was not compared")
            }
            for file in ["requests.csv", "events.csv", "runs.csv", "summary.csv"] {
                #expect(try result.rows[file]?.integerValue == run.rowCount(file), "\(file)")
            }
        }

        @Test func `a last digit that is off by one is found`() throws {
            let run = try MeasuredRun(
                """
                targets: [{name: one, simulate: {ttft: 20ms, gap: 2ms, tokens: 10, jitter: 0.2}}]
                load: {closed: {concurrency: 4}, requests: 40}
                """)
            #expect(try Recomputation(run.export).differences == [])
            let file = run.export.appendingPathComponent("summary.csv")
            let value = try run.figure("itl", "p99", of: "one")
            let printed = String(format: ",itl,ms/token,p99,%.6f,", value)
            let text = try String(contentsOf: file, encoding: .utf8)
            try #require(text.contains(printed))
            let changed = String(format: ",itl,ms/token,p99,%.6f,", value + 1e-6)
            try text.replacingOccurrences(of: printed, with: changed).write(to: file, atomically: true, encoding: .utf8)
            let differences = try Recomputation(run.export).differences
            #expect(differences.count == 1 && differences[0].hasPrefix("one itl.p99 value: "), "\(differences)")
        }
    }
}
