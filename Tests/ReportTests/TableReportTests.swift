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
        ("chat.txt", Fixture.chat, 100, false), ("small.txt", Fixture.small, 100, false),
        ("six.txt", Fixture.six, 100, false), ("chat-80.txt", Fixture.chat, 80, false),
        ("chat-full.txt", Fixture.chat, 120, true),
    ])
    func `the table is the one that was reviewed`(name: String, summary: RunSummary, width: Int, isFull: Bool) {
        #expect(GoldenFile(name).difference(to: Self.table(summary, width: width, isFull: isFull)) == nil)
    }
}
