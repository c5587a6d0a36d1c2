package import Metrics
import Timeline

/// A run's summary in Markdown, for the step summary of a CI service or a comment on a change.
package struct MarkdownReport: Sendable {
    /// What step summaries and comments hold in any case, in bytes of UTF-8.
    package static let sizeLimit = 64_000

    private static let painter = Painter(hasColor: false, hasUnicode: true)
    private static let statistics: [Statistic] = [.p50, .p90, .p95, .p99, .max]

    private let summary: RunSummary
    private let phrases = Phrases(painter: Self.painter)

    package init(summary: RunSummary) { self.summary = summary }

    package var text: String {
        var output = head.map { "\($0)\n" }.joined()
        var leftOut = 0
        for target in summary.targets {
            let section = lines(of: target).map { "\($0)\n" }.joined()
            // Room is kept for the line that says what was left out.
            if leftOut == 0, output.utf8.count + section.utf8.count < Self.sizeLimit - 200 {
                output += section
            } else {
                leftOut += 1
            }
        }
        if leftOut > 0 { output += "\n\(leftOut) more targets are left out, for the text would be too long.\n" }
        return output
    }

    /// Joins lines into a text that is not too long; what does not fit is left out from the end, and counted.
    static func fitted(_ lines: [String]) -> String {
        var output = ""
        for (position, line) in lines.enumerated() {
            guard output.utf8.count + line.utf8.count < sizeLimit - 200 else {
                let rest = lines.count - position
                return output + "\n\(rest) more lines are left out, for the text would be too long.\n"
            }
            output += line + "\n"
        }
        return output
    }

    private var head: [String] {
        let run = summary.run
        let start = UTCTimestamp(nanosecondsSince1970: run.startedWallClock).spoken
        var facts = [phrases.load(run), "seed \(run.seed)", start, phrases.success(summary.targets)]
        if let status = phrases.status(run) { facts.insert(status, at: 0) }
        var lines = [
            "## \(escaped(run.scenarioName)): run \(escaped(run.id))", "",
            facts.map(escaped).joined(separator: ", "),
        ]
        let server = phrases.server(summary)
        if !server.isEmpty { lines += ["", "Server: \(escaped(server.joined(separator: "; ")))"] }
        if let failures = phrases.failures(summary.targets) {
            let example = phrases.failureExample(summary.targets).map { ", \($0)" } ?? ""
            lines += ["", "**\(escaped(Self.painter.clean(failures + example, width: 400)))**"]
        }
        return lines
    }

    private func lines(of target: TargetSummary) -> [String] {
        let run = target.target
        var table = MarkdownTable(
            headers: ["metric", "unit"] + Self.statistics.flatMap { $0 == .max ? ["max"] : [$0.rawValue, "95 % CI"] },
            firstNumber: 2)
        var single = MarkdownTable(headers: ["metric", "unit", "value", "95 % CI"], firstNumber: 2)
        for metric in target.metrics {
            let unit = metric.metric.unit
            let decimals = EstimateCells.decimals(of: metric)
            let names = [metric.metric.title, UnitScale(unit).symbol]
            if metric.metric.isOnePerRun {
                let cells = EstimateCells(metric[.value], unit: unit, decimals: decimals)
                single.rows.append(names + [cells.value, cells.interval])
            } else {
                table.rows.append(
                    names
                        + Self.statistics.flatMap { statistic in
                            let cells = EstimateCells(metric[statistic], unit: unit, decimals: decimals)
                            return statistic == .max ? [cells.value] : [cells.value, cells.interval]
                        })
            }
        }
        var lines = ["", "### \(cut(run.name)): \(cut(run.model))\(run.isSimulated ? " (simulated)" : "")", ""]
        if !table.rows.isEmpty { lines += table.lines + [""] }
        if !single.rows.isEmpty { lines += single.lines + [""] }
        lines.append("- tokens: \(escaped(phrases.tokens([target]).joined(separator: "; ")))")
        lines.append(
            "- accuracy: \(escaped(phrases.measurementError(summary.run, [target]).joined(separator: "; ")))")
        let relay = phrases.relay(target)
        if !relay.isEmpty { lines.append("- relay: \(escaped(relay.joined(separator: "; ")))") }
        let cost = phrases.cost(target)
        if !cost.isEmpty { lines.append("- cost: \(escaped(cost.joined(separator: "; ")))") }
        if let distrust = phrases.distrust(summary.run, [target]) { lines.append("- **!** \(escaped(distrust))") }
        if !summary.run.objectives.isEmpty {
            lines.append("- goodput counts \(escaped(phrases.objectives(summary.run, [target])))")
        }
        return lines + target.warnings.prefix(20).map { "- **!** \(escaped(Self.painter.clean($0, width: 400)))" }
    }

    private func cut(_ text: String) -> String { escaped(Self.painter.clean(text, width: 60)) }

    private func escaped(_ text: String) -> String { PrintableText.markdown(text) }
}
