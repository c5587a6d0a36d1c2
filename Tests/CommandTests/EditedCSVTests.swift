import Foundation
import Testing
import Timeline

/// Exports of two machines, and what an editor or a spreadsheet does to them.
@Suite struct EditedCSVTests {
    private static func scenario(_ first: Int) -> String {
        """
        name: edited
        targets:
          - {name: t\(first), simulate: {ttft: \(first)ms, gap: 1ms, tokens: 6}}
        load: {closed: {concurrency: 2}, requests: 12}
        """
    }

    /// The rows of a comparison but for the bootstrap, whose draws depend on the names of runs alone.
    private func compared(_ left: String, _ right: String, in folder: TemporaryFolder) throws -> String {
        let result = try Tool.run("compare", left, right, "--format", "csv", in: folder.url)
        try #require(result.status == 0, "\(result.errors)")
        return result.output
    }

    @Test func `exports of two machines are compared without their databases, and an editor changes no figure`() throws
    {
        let folder = try TemporaryFolder()
        for (machine, first) in [("one", 20), ("two", 40)] {
            let scenario = try folder.write(Self.scenario(first), to: "\(machine).yaml")
            let database = folder.file("\(machine).sqlite").path
            let run = try Tool.run("run", scenario, "--db", database, "--allow-client-limited")
            try #require(run.status == 0, "\(run.errors)")
            let exported = try Tool.run(
                "export", "latest", "--output", folder.file(machine).path, "--db", database)
            try #require(exported.status == 0, "\(exported.errors)")
            try FileManager.default.removeItem(atPath: database)
        }
        let whole = try compared("one", "two", in: folder)
        #expect(whole.contains("ttft,ms,p50,t20,t40,"))

        // CRLF, a byte order mark, and a line end within a quoted cell of a column that nobody asked for.
        for machine in ["one", "two"] {
            let file = folder.file("\(machine)/requests.csv")
            var lines = try String(contentsOf: file, encoding: .utf8).split(separator: "\n").map(String.init)
            lines[0] += ",notes"
            for index in lines.indices.dropFirst() { lines[index] += ",\"looked at\r\nby hand, twice \"\"so\"\"\"" }
            try ("\u{feff}" + lines.map { "\($0)\r\n" }.joined()).write(to: file, atomically: true, encoding: .utf8)
        }
        #expect(try compared("one", "two", in: folder) == whole)

        // Without the events the figures of requests stay what they were.
        for machine in ["one", "two"] {
            try FileManager.default.removeItem(at: folder.file("\(machine)/events.csv"))
        }
        let bare = try compared("one/requests.csv", "two/requests.csv", in: folder)
        func rows(_ text: String, _ metric: String) -> [String] {
            text.split(separator: "\n").map(String.init).filter { $0.hasPrefix("\(metric),") }
        }
        for metric in ["ttft", "e2e", "tpot", "success"] {
            #expect(rows(bare, metric) == rows(whole, metric), "\(metric)")
        }
        #expect(rows(bare, "itl").allSatisfy { $0.contains(",t20,t40,,,") }, "\(rows(bare, "itl"))")
    }
}
