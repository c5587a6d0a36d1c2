import Metrics
import TestSupport
import Testing
import Timeline

@testable import Report

struct TableReportTests {
    static func table(
        _ summary: RunSummary, color: Bool = false, width: Int = 100, isFull: Bool = false, unicode: Bool = true
    ) -> String {
        let options = TableReport.Options(color: color, width: width, isFull: isFull, unicode: unicode)
        return TableReport(
            summary: summary, options: options, saved: "ttft.sqlite#\(summary.run.id)",
            next: "ttft export \(summary.run.id) --output DIR"
        ).text
    }

    @Test(arguments: [
        ("chat", 100, false), ("small", 100, false), ("six", 100, false), ("chat", 80, false), ("chat", 120, true),
    ])
    func `the table is the one that was reviewed`(name: String, width: Int, isFull: Bool) throws {
        let summary = try #require(Fixture.named[name])
        let file = GoldenFile("\(name)-\(width)\(isFull ? "-full" : "").txt")
        #expect(file.difference(to: Self.table(summary, width: width, isFull: isFull)) == nil)
    }

    @Test(arguments: ["chat", "small", "six"], [60, 80, 100, 200])
    func `the short form keeps to 16 lines and to the width`(name: String, width: Int) throws {
        var summary = try #require(Fixture.named[name])
        let long = String(repeating: "warnings can be long and say what to do ", count: 12)
        for index in summary.targets.indices { summary.targets[index].warnings = [long, long, long] }
        let options = TableReport.Options(width: width)
        let lines = TableReport(summary: summary, options: options, saved: "a.sqlite#1", next: "ttft export 1").text
            .split(separator: "\n", omittingEmptySubsequences: false).dropLast()
        #expect(lines.count <= TableReport.lineLimit)
        #expect(lines.allSatisfy { PrintableText.width(String($0)) <= width })
        #expect(lines.allSatisfy { $0.last != " " })
    }

    @Test func `colour changes no character`() {
        let plain = Self.table(Fixture.chat)
        let colored = Self.table(Fixture.chat, color: true)
        #expect(colored != plain)
        let codes = try? Regex("\u{1b}\\[[0-9]+m")
        #expect(codes.map { colored.replacing($0, with: "") } == plain)
    }

    @Test func `a percentile without a bounded interval prints what it needs, and keeps its value in exports`() {
        let text = Self.table(Fixture.small)
        #expect(text.contains("n/a  (need 368)"))
        #expect(!text.contains("451.2"))
        #expect(
            CSVReport(summaries: [Fixture.small]).text.contains("ttft,ms,p99,451.200000,,,,20,order_statistic,ours"))
    }

    @Test func `figures that the machine changed are named, whatever the width`() {
        var summary = Fixture.chat
        summary.targets[0].error.limitedFigures = ["itl.p99"]
        #expect(
            Self.table(summary).contains(
                "\n! do not trust itl.p99: more than 2 % may be this machine's; ask for fewer streams, or free the\n"
                    + "  machine (2 more with --full)\n"))
        #expect(Self.table(summary, width: 60).contains("do not trust itl.p99"))
        summary.run.clockSource = .read
        #expect(Self.table(summary, width: 60).contains("stamps taken when read: do not trust itl.p99"))
    }

    @Test(
        arguments: [
            ([0.95], 4, "--threads 2"), ([0.5, 0.95], 4, "--threads 3"), ([0.5], 4, nil), ([0.95], 2, nil),
            ([], 4, nil),
        ] as [([Double], Int, String?)])
    func `one more thread is advised where one is at its limit and a core is left for it`(
        _ shares: [Double], _ cores: Int, _ advice: String?
    ) {
        var summary = Fixture.chat
        summary.targets[0].error.limitedFigures = ["itl.p99"]
        summary.run.host.cores = cores
        summary.run.measuringThreads = shares.map {
            ThreadUse(processorTime: Nanoseconds(Int64($0 * 1000)), lifetime: Nanoseconds(1000))
        }
        let text = Self.table(summary)
        #expect(text.contains("--threads") == (advice != nil))
        if let advice { #expect(text.contains("this machine's; use \(advice), ask for fewer")) }
    }

    @Test func `the short form names four figures of those that are not to be trusted, the full one all`() {
        var summary = Fixture.chat
        let names = ["ttft.p50", "ttft.p99", "itl.p50", "itl.p90", "itl.p95", "itl.p99"]
        summary.targets[0].error.limitedFigures = names
        let words = { (text: String) in text.split { $0 == " " || $0 == "\n" }.joined(separator: " ") }
        let short = Self.table(summary, width: 70)
        #expect(words(short).contains("do not trust ttft.p50, ttft.p99, itl.p50, itl.p90 and 2 more (--full): more"))
        #expect(short.split(separator: "\n", omittingEmptySubsequences: false).count - 1 <= TableReport.lineLimit)
        let full = Self.table(summary, width: 70, isFull: true)
        #expect(words(full).contains("do not trust \(names.joined(separator: ", ")): more than 2 % may be"))
    }

    @Test func `a maximum is named as not to be trusted, and the full form names what only it prints`() {
        var summary = Fixture.chat
        summary.targets[0].error.limitedFigures = ["itl.max"]
        summary.targets[0].error.furtherLimitedFigures = ["itl.mean", "itl.p75"]
        #expect(Self.table(summary).contains("do not trust itl.max: more"))
        #expect(!Self.table(summary).contains("itl.mean"))
        let full = Self.table(summary, isFull: true)
        #expect(full.contains("do not trust itl.max, itl.mean, itl.p75: more"))
        #expect(full.contains("  do not trust     itl.max, itl.mean, itl.p75\n"))
    }

    @Test func `a target's row and the header show empty answers`() {
        var summary = Fixture.six
        summary.targets[1].outcomes = [
            OutcomeCount(outcome: .ok, detail: nil, count: 97, example: nil),
            OutcomeCount(outcome: .okEmpty, detail: nil, count: 3, example: nil),
        ]
        let text = Self.table(summary)
        #expect(text.contains("100/100, 3 empty\n"))
        #expect(text.contains("600 of 600 ok (3 ok_empty)"))
    }

    @Test func `a run that did not end says so, and a run without a request prints`() {
        var summary = Fixture.chat
        summary.run.status = .interrupted
        summary.targets[0].metrics = []
        summary.targets[0].outcomes = []
        (summary.targets[0].attempts, summary.targets[0].complete) = (0, 0)
        let text = Self.table(summary)
        #expect(text.contains("interrupted"))
        #expect(text.contains("0 of 0 ok"))
    }

    @Test(arguments: ["chat", "small", "six"], [80, 100, 120])
    func `the full form keeps to the width too`(name: String, width: Int) throws {
        let summary = try #require(Fixture.named[name])
        let options = TableReport.Options(width: width, isFull: true)
        for line in TableReport(summary: summary, options: options).text.split(separator: "\n") {
            #expect(PrintableText.width(String(line)) <= width)
        }
    }

    @Test func `several targets with objectives show their goodput`() {
        var summary = Fixture.six
        summary.run.objectives = [RequestLimit(metric: "ttft", limit: 800)]
        for index in summary.targets.indices {
            summary.targets[index].metrics.append(Fixture.single("goodput", 0.96, 0.9...0.99, count: 100))
        }
        let text = Self.table(summary)
        #expect(text.contains("goodput"))
        #expect(text.contains("96.0 %"))
        #expect(text.contains("the share of requests with ttft ≤ 800 ms"))
    }

    @Test func `a warning of three lines is printed whole, and one that all targets share is printed once`() {
        var summary = Fixture.chat
        let words = (1...40).map { "word\($0)" }
        summary.targets[0].warnings = [words.joined(separator: " ")]
        let text = Self.table(summary)
        #expect(text.split { $0 == " " || $0 == "\n" }.filter { $0.hasPrefix("word") }.map(String.init) == words)
        var six = Fixture.six
        for index in six.targets.indices { six.targets[index].warnings = ["shared"] }
        six.targets[1].warnings.append("own")
        let lines = Self.table(six).split(separator: "\n").filter { $0.hasPrefix("!") }
        #expect(lines == ["! shared", "! gpt-4o-mini: own"])
    }
}
