import Exchange
import Testing
import Timeline

struct HistoryFileTests {
    private func entry(_ runID: String, started: Int64 = 7, targets: Int = 1) -> HistoryEntry {
        HistoryEntry(
            runID: runID, started: started, scenarioHash: "abc", hostClass: "EPYC, 2 cores",
            figures: Dictionary(
                uniqueKeysWithValues: (0..<targets).map {
                    ("target-\($0)", ["ttft.p50": 120.25, "tpot.p50": 7.5, "success": 1])
                }))
    }

    @Test func `what was added is read again, from a line of its own`() throws {
        let lines = try ["a", "b"].map { try HistoryFile.line(of: entry($0)) }
        #expect(lines.allSatisfy { $0.hasSuffix("}\n") && $0.count { $0 == "\n" } == 1 && $0.utf8.count <= 2048 })
        let file = try HistoryFile(text: lines.joined(), path: "history.json")
        #expect(file.entries == [entry("a"), entry("b")])
        // Two branches: the same lines in another order, with Windows' line ends.
        let merged = (lines.reversed().joined() + "\n").replacing("\n", with: "\r\n")
        #expect(try HistoryFile(text: merged, path: "history.json").entries.map(\.runID) == ["b", "a"])
        #expect(try HistoryFile(text: "", path: "history.json").entries.isEmpty)
    }

    @Test func `a line is figures alone, in the order of their names`() throws {
        #expect(
            try HistoryFile.line(of: entry("a"))
                == #"{"version":1,"run":"a","started_ns":7,"scenario":"abc","host":"EPYC, 2 cores","targets":"#
                + #"{"target-0":{"success":1.0,"tpot.p50":7.5,"ttft.p50":120.25}}}"# + "\n")
    }

    @Test(arguments: [
        ("<<<<<<< HEAD", "a merge is not finished here"), ("{\"run\": 1}", "not a run's line"),
        ("run,ttft", "not a run's line"),
        (#"{"version":2,"run":"a","started_ns":7,"scenario":"c","host":"h","targets":{}}"#, "version 2"),
        (figures(#""tpot.p50":-3"#), "found -3 for t tpot.p50; expected a number above 0"),
        (figures(#""tpot.p50":0"#), "found 0 for t tpot.p50; expected a number above 0"),
        (figures(#""tpot.p50":"x""#), #"found "x" for t tpot.p50; expected a number above 0"#),
        (figures(#""ttft.p50":5,"tpot.p50":null"#), "found null for t tpot.p50"),
        (figures(#""success":1.5"#), "found 1.5 for t success; expected a share from 0 to 1"),
        (
            #"{"version":1,"run":"a","started_ns":7,"scenario":"c","host":"h","targets":{"t":3}}"#,
            "found 3 for t; expected"
        ),
    ])
    func `a wrong line is named by its place`(line: String, words: String) throws {
        let good = try HistoryFile.line(of: entry("a"))
        let error = #expect(throws: ExchangeError.self) {
            try HistoryFile(text: good + line + "\n", path: "perf/history.json")
        }
        #expect(error?.description.hasPrefix("perf/history.json:2:1: ") == true)
        #expect(error?.description.contains(words) == true)
    }

    private static func figures(_ members: String) -> String {
        #"{"version":1,"run":"a","started_ns":7,"scenario":"c","host":"h","targets":{"t":{\#(members)}}}"#
    }

    @Test func `a time of 0 is left out of a line, and no success is not`() throws {
        var none = entry("a")
        none.figures["target-0"] = ["tpot.p50": 0.0000001, "success": 0]
        let line = try HistoryFile.line(of: none)
        #expect(try HistoryFile(text: line, path: "history.json").entries[0].figures == ["target-0": ["success": 0]])
    }

    @Test func `a run that takes more than 2 KB is refused`() {
        #expect(throws: ExchangeError.self) { try HistoryFile.line(of: entry("a", targets: 40)) }
    }
}
