import Metrics
import Testing
import Timeline

@testable import Report

struct GateReportTests {
    private static let hostile = "a\u{1b}[31m|<b>,:\n::error::x%"

    private func figure(
        _ name: String, _ verdict: GateVerdict, baseline: Double = 100, candidate: Double = 120, change: Double? = 0.2,
        interval: ClosedRange<Double>? = 0.15...0.25, isImproved: Bool = false
    ) throws -> GatedFigure {
        GatedFigure(
            metric: try #require(MetricCatalogue.named(name)), baseline: baseline, candidate: candidate, pairs: 180,
            change: change, interval: interval, pValue: 0.00001, detectable: 0.08, verdict: verdict,
            isImproved: isImproved, margin: 0.05)
    }

    private func report(
        _ figures: [GatedFigure], name: String = "chat", distrusted: [String] = [], allows: Bool = false,
        errorRate: Double = 0, ranOut: Bool = false
    ) -> GateReport {
        let design = PairedDesign(baseline: name, candidate: "next", metrics: ["ttft", "tpot"], looks: [200, 400])
        var run = Fixture.chat.run
        run.scenarioName = name
        run.pairedDesign = design
        return GateReport(
            run: run, gate: Gate(figures: figures, pairs: 200, design: design, ranOut: ranOut),
            distrusted: distrusted, errorRate: errorRate, allowsDistrusted: allows)
    }

    @Test func `foreign names break no form`() throws {
        let report = report([try figure("ttft", .passed)], name: Self.hostile)
        let annotations = report.annotations
        #expect(annotations.hasPrefix("::error title="))
        #expect(annotations.split(separator: "\n").allSatisfy { $0.hasPrefix("::") })
        #expect(!annotations.contains("\u{1b}") && annotations.contains("%25"))
        // A colon or a comma in the title would end it.
        let title = annotations.dropFirst("::error title=".count).prefix { $0 != ":" }
        #expect(title.contains("%2C%3A") && !title.contains(","))
        #expect(!report.markdown.contains("<b>") && !report.markdown.contains("\u{1b}"))
        #expect(report.junit.contains("&lt;b&gt;") && !report.junit.contains("\u{1b}"))
        #expect(!report.table().contains("\u{1b}"))
        #expect((try? JSONValue(parsing: report.json)) != nil)
    }

    @Test func `the table says what changed, how surely, and what to do`() throws {
        let text = report([
            try figure("ttft", .passed, candidate: 101, change: 0.01, interval: -0.02...0.03),
            try figure("output_speed", .passed, candidate: 80, change: -0.2, interval: -0.25...(-0.15)),
        ]).table()
        #expect(text.contains("+1.0 %  [-2.0, +3.0]"))
        #expect(text.contains("-20.0 %  [-25.0, -15.0]"))
        #expect(text.contains("<0.0001"))
        #expect(text.contains("next: Look at what changed: ttft compare"))
    }

    // The p-value of every figure here is small enough for a regression, whatever it was made with.
    @Test func `a figure that the machine may have made is invalid, unless that is allowed`() throws {
        let figures = [try figure("ttft", .regressed)]
        #expect(report(figures, distrusted: ["a ttft.p50"]).word == "invalid")
        #expect(report(figures, distrusted: ["a ttft.p50"]).verdict.hasPrefix("invalid: this machine"))
        let allowed = report(figures, distrusted: ["a ttft.p50"], allows: true)
        #expect(allowed.word == "regressed")
        #expect(allowed.table().contains("! a ttft.p50 may be off"))
    }

    @Test func `failures beyond what the scenario allows are invalid, but for a regression`() throws {
        var open = try figure("ttft", .passed)
        open.pValue = 1
        #expect(report([open], errorRate: 0.3).word == "invalid")
        #expect(report([try figure("ttft", .passed)], errorRate: 0.3).word == "regressed")
        #expect(report([open]).word == "passed")
        #expect(report([open], ranOut: true).word == "inconclusive")
        open.isImproved = true
        #expect(report([open]).verdict.contains("TTFT got better"))
    }

    @Test func `an end before the first look is told as that, and not as noise`() throws {
        let design = PairedDesign(baseline: "a", candidate: "b", metrics: ["ttft"], looks: [200, 400])
        func report(_ measured: Int, judged: Int, _ status: RunStatus) throws -> GateReport {
            var run = Fixture.chat.run
            run.status = status
            let gate = Gate(
                figures: [try figure("ttft", .inconclusive)], pairs: judged, design: design, ranOut: true,
                measuredPairs: measured)
            return GateReport(run: run, gate: gate, distrusted: [], errorRate: 0)
        }
        let early = try report(150, judged: 150, .finished)
        #expect(early.word == "inconclusive" && early.verdict.contains("only 150 of the 200 pairs of the first look"))
        #expect(
            early.next
                == "Time or requests ran out at 150 of 200 pairs: raise --max-time or --max-requests, or plan fewer --pairs."
        )
        #expect(early.json.contains("\"looks\": []") && early.table().contains("only 150 of 200 pairs"))
        let killed = try report(150, judged: 150, .unfinished)
        #expect(killed.next.contains("was cut short at 150 of 200 pairs (unfinished): measure again"))
        #expect(killed.table().contains("the run is unfinished") && killed.markdown.contains("the run is unfinished"))
        #expect(killed.json.contains("\"run_status\": \"unfinished\""))
        var open = try figure("ttft", .inconclusive)
        open.pValue = 1
        let later = GateReport(
            run: Fixture.chat.run,
            gate: Gate(figures: [open], pairs: 200, design: design, ranOut: true, measuredPairs: 330), distrusted: [],
            errorRate: 0)
        #expect(later.verdict.hasSuffix("the measurement ended at 330 of 400 pairs"))
        #expect(later.table().contains("only 330 of 400 pairs, judged by the first 200"))
        let looks = try JSONValue(parsing: later.json)
        #expect(looks["looks"] == [200] && looks["planned_looks"] == [200, 400])
    }

    @Test func `a figure that no pair has is told as one that cannot be judged`() throws {
        var passed = try figure("ttft", .passed)
        passed.pValue = 1
        var none = try figure("tpot", .inconclusive, change: nil, interval: nil)
        (none.pairs, none.pValue, none.detectable) = (0, 1, nil)
        let report = report([passed, none])
        #expect(report.verdict == "inconclusive: TPOT cannot be judged here, since no pair has a value of both sides")
        #expect(
            report.next.hasPrefix("No number of pairs judges TPOT: leave it out (--metric ttft); answers of one token"))
    }

    @Test func `test views see a failure, an open verdict and a success`() throws {
        var passed = try figure("tpot", .passed)
        passed.pValue = 1
        var open = try figure("e2e", .inconclusive)
        open.pValue = 1
        let text = report([try figure("ttft", .regressed), passed, open]).junit
        #expect(text.contains("tests=\"3\" failures=\"1\" errors=\"0\" skipped=\"1\""))
        #expect(text.contains("<failure message=\"regressed: worse by more than 5 %\">"))
        #expect(text.contains("<skipped message=\"inconclusive\">"))
    }
}
