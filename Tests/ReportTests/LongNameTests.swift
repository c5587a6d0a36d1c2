import Metrics
import TestSupport
import Testing
import Timeline

@testable import Report

struct LongNameTests {
    private static let fast = "meta-llama/Llama-3.1-70B-Instruct-Turbo-fast"
    private static let slow = "meta-llama/Llama-3.1-70B-Instruct-Turbo-slow"

    @Test(arguments: 4...44)
    func `names keep to the width and stay distinct`(limit: Int) {
        for names in [
            [Self.fast, Self.slow], ["aa\(Self.fast)", "ab\(Self.fast)"], ["a", Self.fast, Self.fast],
            (0..<9).map { "a-name-that-differs-in-\($0)-its-very-middle-only" },
        ] {
            let cut = PrintableText.shortened(names, to: limit, ellipsis: "…")
            #expect(Set(cut).count == Set(names).count)
            #expect(cut.allSatisfy { PrintableText.width($0) <= limit })
        }
    }

    @Test func `the end of a name survives`() {
        let cut = PrintableText.shortened(["\(Self.fast)@7abc", "\(Self.fast)@8def"], to: 20, ellipsis: "…")
        #expect(cut == ["meta-llama…fast@7abc", "meta-llama…fast@8def"])
    }

    private static var run: RunSummary {
        var summary = Fixture.six
        for (index, name) in [fast, slow].enumerated() {
            summary.targets[index].target.name = name
            summary.targets[index].target.model = name
        }
        return summary
    }

    @Test(arguments: [80, 100, 120, 200])
    func `targets with long names can be told apart in the run's table`(width: Int) {
        let text = TableReport(summary: Self.run, options: TableReport.Options(width: width)).text
        let lines = text.split(separator: "\n").map(String.init)
        #expect(lines.contains { $0.hasPrefix("meta-llama/") && $0.contains("-fast ") })
        #expect(lines.contains { $0.hasPrefix("meta-llama/") && $0.contains("-slow ") })
        if width == 200 { #expect(text.contains(Self.fast)) }
        #expect(lines.allSatisfy { PrintableText.width($0) <= width || $0.hasPrefix("saved") })
    }

    @Test(arguments: [80, 100, 200])
    func `a run's suffix survives in every part of a comparison`(width: Int) {
        let columns = ["7abc", "8def"].map { suffix in
            ComparisonReport.Column(
                label: "\(Self.fast)@\(suffix)", runID: "01jd3z6q\(suffix)", summary: Self.run.targets[0])
        }
        let figures = [
            ComparisonReportTests.figure("ttft", .p50, columns[0], columns[1], 1.25, 1.2...1.3)
        ]
        let report = ComparisonReport(
            columns: columns,
            comparisons: [TargetComparison(baseline: columns[0].label, candidate: columns[1].label, figures: figures)])
        let text = report.table(options: TableReport.Options(width: width))
        let parts = text.split(separator: "\n\n", maxSplits: 1).map(String.init)
        #expect(parts.count == 2)
        for part in parts { #expect(part.contains("@7abc") && part.contains("@8def")) }
        if width == 200 { #expect(parts.allSatisfy { $0.contains("\(Self.fast)@7abc") }) }
        if text.contains("ratio to") { #expect(text.contains(/ratio to .*@7abc/)) }
    }

    @Test func `a verdict of a check names its target in full`() {
        let lines = [Self.fast, Self.slow].map { name in
            BudgetLine(
                target: name, key: "ttft.p50", comparison: .atMost, limit: 1, unit: .milliseconds, value: 2,
                outcome: .broken, note: "not decided: what this machine may have added holds the limit")
        }
        let text = CheckReport(runID: "1", lines: lines).table(options: TableReport.Options(width: 60))
        #expect(text.contains(Self.fast) && text.contains(Self.slow))
        #expect(!text.contains("…"))
    }
}
