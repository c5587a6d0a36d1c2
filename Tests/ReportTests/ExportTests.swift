import Foundation
import Metrics
import TestSupport
import Testing
import Timeline

@testable import Report

/// Exports are read back by Python, whose readers share no code with the writers.
struct ExportTests {
    /// What a Python program prints for a text on its standard input.
    static func python(_ program: String, _ input: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", "-c", program]
        let (source, sink) = (Pipe(), Pipe())
        process.standardInput = source
        process.standardOutput = sink
        try process.run()
        // A pipe holds 64 KB: what is larger has to be written while the program reads.
        Thread.detachNewThread {
            source.fileHandleForWriting.write(Data(input.utf8))
            try? source.fileHandleForWriting.close()
        }
        let output = sink.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0)
        return String(decoding: output, as: UTF8.self)
    }

    static let hostile: RunSummary = {
        var summary = Fixture.chat
        summary.targets[0].target.name = "a \"quoted\", name\nin two lines"
        summary.targets[0].target.model = "=cmd|'/c calc'!A1"
        return summary
    }()

    @Test func `CSV read by Python has every value of every summary`() throws {
        let program = """
            import csv, io, json, sys
            rows = list(csv.DictReader(io.StringIO(sys.stdin.buffer.read().decode(), newline='')))
            keys = ['run_id','target','model','metric','stat','value','ci_low','ci_high','n','measurement_low']
            print(json.dumps([[row[key] for key in keys] for row in rows]))
            """
        let text = try Self.python(program, CSVReport(summaries: [Self.hostile, Fixture.small]).text)
        let rows = try #require(try JSONValue(parsing: text).arrayValue)
        var index = 0
        for summary in [Self.hostile, Fixture.small] {
            for target in summary.targets {
                for metric in target.metrics {
                    for estimate in metric.estimates {
                        let row = try #require(rows[index].arrayValue?.map { $0.stringValue ?? "" })
                        let names = [
                            summary.run.id, target.target.name, target.target.model, metric.metric.name,
                            estimate.statistic.rawValue,
                        ]
                        #expect(Array(row[0..<5]) == names)
                        let numbers = [
                            estimate.value, estimate.interval?.lowerBound, estimate.interval?.upperBound,
                            Double(estimate.count), estimate.measurementRange?.lowerBound,
                        ]
                        for (field, number) in zip(row[5...], numbers) {
                            #expect(number.map { abs((Double(field) ?? .nan) - $0) <= 5.1e-7 } ?? field.isEmpty)
                        }
                        index += 1
                    }
                }
            }
        }
        #expect(index == rows.count)
    }

    @Test func `JSON read by Python has the values, the warnings and no secret`() throws {
        var summary = HostileTextTests.summary
        summary.targets[0].warnings += ["second"]
        let text = JSONReport(summary: summary).text
        #expect(!text.contains("SECRET_CANARY"))
        let program = """
            import json, sys
            report = json.load(sys.stdin)
            target = report['targets'][0]
            print(json.dumps([report['schema_version'], report['run']['seed'], report['run']['started_at_utc'],
              report['run']['duration_ms'], target['window_start_ms'], target['failed'], target['warnings'],
              target['model'], target['outcomes'][1]['example'],
              {m['name']: {e['stat']: [e['value'], e['ci_low'], e['n_needed']] for e in m['estimates']} for m in target['metrics']}]))
            """
        let values = try #require(try JSONValue(parsing: try Self.python(program, text)).arrayValue)
        #expect(values[0...2] == [1, "42", "2026-11-22T18:27:10.042Z"])
        #expect(values[3].doubleValue == 125_500)
        #expect(values[4].doubleValue == 4000)
        #expect(values[5...6] == [9, .array([.string(HostileTextTests.hostile), "second"])])
        #expect(values[7...8] == [.string(HostileTextTests.hostile), .string(HostileTextTests.hostile)])
        for metric in summary.targets[0].metrics {
            for estimate in metric.estimates {
                let found = try #require(values[9][metric.metric.name]?[estimate.statistic.rawValue]?.arrayValue)
                #expect(found[0].doubleValue == estimate.value)
                #expect(found[1].doubleValue == estimate.interval.map { ($0.lowerBound * 1e6).rounded() / 1e6 })
                #expect(found[2].integerValue == estimate.countNeeded)
            }
        }
    }

    @Test func `JSON rounds at six decimals, and only there`() {
        #expect(JSONValue.rounded(318.241592) == .number(318.241592))
        #expect(JSONValue.rounded(1.0 / 3) == .number(0.333333))
        #expect(JSONValue.rounded(nil) == .null)
        #expect(JSONValue.rounded(.nan) == .null)
    }

    @Test func `Markdown and JSON are those that were reviewed`() {
        #expect(GoldenFile("chat.md").difference(to: MarkdownReport(summary: Fixture.chat).text) == nil)
        #expect(GoldenFile("small.json").difference(to: JSONReport(summary: Fixture.small).text) == nil)
        #expect(GoldenFile("small.csv").difference(to: CSVReport(summaries: [Fixture.small]).text) == nil)
    }

    @Test func `Markdown stays under 64 KB however many targets there are`() {
        var summary = Fixture.chat
        summary.targets = Array(repeating: HostileTextTests.summary.targets[0], count: 300)
        let text = MarkdownReport(summary: summary).text
        #expect(text.utf8.count < 64_000)
        #expect(text.contains("more targets are left out"))
    }

    @Test func `formats are read by name`() {
        #expect(ReportFormat(parsing: "JSON") == .json)
        #expect(ReportFormat(parsing: "md") == .markdown)
        #expect(ReportFormat(parsing: "xml") == nil)
        #expect(ReportFormat.list == "table, csv, json, markdown, html")
    }
}
