import Metrics
import Testing
import Timeline

@testable import Report

/// Servers choose model names and error messages; none of them may command a terminal, a page or a spreadsheet reader.
struct HostileTextTests {
    static let hostile = "\u{1b}]0;owned\u{7}a\nb\r\u{9b}31m\u{202e}|c</script><img onerror=x>`d`\"e\",f"

    static let summary: RunSummary = {
        var summary = Fixture.chat
        summary.run.scenarioName = hostile
        summary.run.targets[0].name = hostile
        summary.targets[0].target.name = hostile
        summary.targets[0].target.model = hostile
        summary.targets[0].outcomes[1].detail = hostile
        summary.targets[0].outcomes[1].example = hostile
        summary.targets[0].finishReasons = [hostile: 1, "stop": 928]
        summary.targets[0].servedModels = [hostile: 929]
        summary.targets[0].warnings = [hostile]
        summary.run.host.name = hostile
        summary.run.skipped = [hostile: hostile]
        summary.run.tags = [hostile]
        return summary
    }()

    static func isTame(_ text: String) -> Bool {
        !text.unicodeScalars.contains { scalar in
            scalar != "\n" && [.control, .format].contains(scalar.properties.generalCategory)
        }
    }

    @Test(arguments: [false, true])
    func `nothing a server says reaches the terminal as a command`(isFull: Bool) {
        let text = TableReportTests.table(Self.summary, isFull: isFull)
        #expect(Self.isTame(text))
        #expect(text.contains("\\x1b]0;owned\\x07a b"))
        let rows = TableReportTests.table(Fixture.chat, isFull: isFull).split(separator: "\n").count
        if !isFull { #expect(text.split(separator: "\n").count <= rows) }
    }

    @Test func `every other text for people is as tame`() {
        let record = StreamRecord(
            requestIndex: 1, target: Self.hostile, clientRequestID: Self.hostile, planned: Instant(nanoseconds: 0),
            finishReason: Self.hostile, servedModel: Self.hostile,
            outcome: StreamOutcome(.httpError, detail: Self.hostile, message: Self.hostile), warnings: [Self.hostile])
        let row = ShowReport.Row(
            record: record, timeToFirstToken: 1, timePerOutputToken: nil, endToEnd: nil, longestGap: nil,
            outputTokens: nil)
        let budget = BudgetLine(
            target: Self.hostile, key: Self.hostile, comparison: .atMost, limit: 1, unit: .milliseconds, value: 2,
            outcome: .broken, note: Self.hostile)
        let column = ComparisonReport.Column(label: Self.hostile, runID: Self.hostile, summary: Self.summary.targets[0])
        let comparison = ComparisonReport(columns: [column, column, column], comparisons: [])
        let texts = [
            ShowReport().list([row]), ShowReport().detail(row),
            CheckReport(runID: Self.hostile, lines: [budget]).table(),
            RunsListReport(rows: [RunsListReport.Row(run: Self.summary.run, attempts: 1, complete: 0)]).table(),
            ProbeReport(ProbeReportTests.hostile(Self.hostile)).text, comparison.table(), comparison.markdown,
            MarkdownReport(summary: Self.summary).text,
        ]
        for text in texts { #expect(Self.isTame(text)) }
    }

    @Test func `markup and pipes are escaped in Markdown`() {
        let text = MarkdownReport(summary: Self.summary).text
        #expect(!text.contains("<img"))
        #expect(!text.contains("</script>"))
        #expect(PrintableText.markdown("a|b`c`<i>*_@") == "a\\|b\\`c\\`&lt;i&gt;\\*\\_&#64;")
    }

    @Test func `a terminal without UTF-8 gets ASCII alone`() {
        var summary = Self.summary
        summary.targets[0].target.model = "qwen-模型"
        for isFull in [false, true] {
            let text = TableReportTests.table(summary, isFull: isFull, unicode: false)
            #expect(text.utf8.allSatisfy { $0 < 0x80 })
        }
    }

    @Test func `width counts columns, not bytes or scalars`() {
        #expect(PrintableText.width("ab") == 2)
        #expect(PrintableText.width("模型") == 4)
        #expect(PrintableText.width("e\u{301}") == 1)
        #expect(PrintableText.cut("模型模型", to: 6, ellipsis: "…") == "模型…")
        #expect(PrintableText.wrap("one two three", to: 7) == ["one two", "three"])
    }
}
