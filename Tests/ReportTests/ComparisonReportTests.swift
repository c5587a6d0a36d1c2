import Metrics
import TestSupport
import Testing
import Timeline

@testable import Report

struct ComparisonReportTests {
    static func comparison(_ names: [String], isOneRun: Bool = false) -> ComparisonReport {
        let columns = Fixture.six.targets.filter { names.contains($0.target.name) }.map {
            ComparisonReport.Column(
                label: $0.target.name, runID: isOneRun ? Fixture.six.run.id : "run-of-\($0.target.name)", summary: $0)
        }
        let ratios: [String: Double] = ["gpt-4o-mini": 0.777743, "llama-4-scout": 0.733207]
        let comparisons = columns.dropFirst().map { column in
            let ratio = ratios[column.label] ?? 1
            return TargetComparison(
                baseline: columns[0].label, candidate: column.label,
                figures: [
                    figure("ttft", .p50, columns[0], column, ratio, ratio - 0.001...ratio + 0.0012),
                    figure("ttft", .p95, columns[0], column, ratio, nil),
                    figure("output_throughput", .value, columns[0], column, 1.378, nil),
                ])
        }
        return ComparisonReport(columns: columns, comparisons: comparisons)
    }

    static func figure(
        _ name: String, _ statistic: Statistic, _ baseline: ComparisonReport.Column,
        _ candidate: ComparisonReport.Column, _ ratio: Double, _ interval: ClosedRange<Double>?
    ) -> ComparedFigure {
        ComparedFigure(
            metric: Fixture.definitions[name] ?? Fixture.metric(name, name, .count, ""), statistic: statistic,
            baseline: baseline.summary[metric: name]?[statistic]?.value,
            candidate: candidate.summary[metric: name]?[statistic]?.value, ratio: ratio, interval: interval,
            method: "bootstrap B=2000 seed=1")
    }

    @Test func `comparisons are those that were reviewed`() {
        let two = Self.comparison(["gpt-4o", "gpt-4o-mini"])
        let three = Self.comparison(["gpt-4o", "gpt-4o-mini", "llama-4-scout"], isOneRun: true)
        #expect(GoldenFile("compare-two.txt").difference(to: two.table()) == nil)
        #expect(GoldenFile("compare-three.txt").difference(to: three.table()) == nil)
        #expect(GoldenFile("compare.csv").difference(to: three.csv) == nil)
        #expect(GoldenFile("compare.json").difference(to: two.json) == nil)
        #expect(GoldenFile("compare.md").difference(to: three.markdown) == nil)
    }

    @Test func `a comparison gives no verdict and says why`() {
        let text = Self.comparison(["gpt-4o", "gpt-4o-mini"]).table(options: TableReport.Options(width: 200))
        #expect(
            text.contains("Different in these two runs (TTFT p50); two runs cannot tell a regression from drift: "))
        #expect(Self.comparison(["gpt-4o", "gpt-4o-mini"], isOneRun: true).note == nil)
        #expect(!text.lowercased().contains("regressed"))
        #expect(!text.contains("significant"))
    }

    @Test func `what is not apart is not called different, and more runs are no two runs`() throws {
        let report = Self.comparison(["gpt-4o", "gpt-4o-mini"])
        var level = report.comparisons
        for index in level[0].figures.indices { level[0].figures[index].interval = 0.9...1.1 }
        let note = try #require(ComparisonReport(columns: report.columns, comparisons: level).note)
        #expect(
            note.hasPrefix("Not to be told apart in these two runs; two runs cannot tell a regression from drift: "))
        let three = Self.comparison(["gpt-4o", "gpt-4o-mini", "llama-4-scout"])
        #expect(three.note?.hasPrefix("Single runs cannot tell a regression from drift: ") == true)
    }

    @Test func `a known noise floor says what is beyond it`() {
        let report = Self.comparison(["gpt-4o", "gpt-4o-mini"])
        func note(_ noise: Double) -> String? {
            ComparisonReport(columns: report.columns, comparisons: report.comparisons, noise: noise).note
        }
        // ln(0.7777) is -0.2513, and 1.96 sqrt(2) ln(1.02) is 0.0549, ln(1.15) in its place 0.387.
        #expect(note(0.02)?.hasSuffix("drift and chance together: TTFT p50.") == true)
        #expect(note(0.15)?.hasSuffix("drift and chance together: nothing.") == true)
    }

    @Test func `two columns that do not fit become a block per figure`() {
        let narrow = Self.comparison(["gpt-4o", "gpt-4o-mini"]).table(options: TableReport.Options(width: 80))
        #expect(narrow.contains("ratio to gpt-4o"))
        #expect(narrow.split(separator: "\n").allSatisfy { PrintableText.width(String($0)) <= 80 })
    }
}
