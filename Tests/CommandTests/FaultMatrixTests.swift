import Foundation
import TestSupport
import Testing
import Timeline

/// Every stream that the simulator can play wrongly, or oddly and yet well, over every API: what is broken is never a
/// success, and what is merely odd always is one.
@Suite struct FaultMatrixTests {
    @Test(arguments: FaultOutcome.apis)
    func `no broken stream is a success, and no healthy one is a failure`(_ api: String) throws {
        let folder = try TemporaryFolder()
        // A scenario with a fault that has no place in the API's streams is refused, and tested where scenarios are read.
        let rowsInPlace = FaultOutcome.all.filter { $0.outcome(of: api) != nil }
        let targets = rowsInPlace.map { row in
            """
              - name: \(row.fault)
                api: \(api)
                simulate: {ttft: 20ms, gap: 2ms, tokens: 10, fault: \(row.fault)}
            """
        }.joined(separator: "\n")
        let scenario = try folder.write(
            """
            name: fault-matrix
            targets:
            \(targets)
            load: {closed: {concurrency: 1}, requests: 1}
            timeouts: {headers: 5s, first_token: 5s, stall: 5s}
            max_error_rate: 1
            """, to: "matrix.yaml")
        let rows = StoredRows(path: folder.file("runs.sqlite").path)
        let result = try Tool.run("run", scenario, "--db", rows.path, "--json", "--allow-client-limited")
        #expect(result.status == 0, "\(result.errors)")
        let found = try rows.texts("SELECT target || ' ' || outcome FROM requests ORDER BY target")
        let expected = rowsInPlace.map { "\($0.fault) \($0.outcome(of: api)?.rawValue ?? "")" }
        #expect(Set(found).subtracting(expected).sorted() == [])
        #expect(found.count == expected.count)
    }
}
