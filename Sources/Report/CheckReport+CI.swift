import Metrics
import Timeline

// Held against history, and in the forms that CI services read.
extension CheckReport {
    /// The word that sums up: what is not valid decides nothing, and of the rest what is worst counts.
    var word: String {
        if !flaws.isEmpty { return "invalid" }
        if history.contains(where: { $0.verdict == .regressed }) { return "regressed" }
        if lines.contains(where: { $0.outcome == .broken }) { return "broken" }
        if isOpen { return "undecided" }
        return lines.isEmpty ? "passed" : "met"
    }

    /// Whether something could not be decided.
    package var isOpen: Bool {
        lines.contains { $0.outcome == .undecided } || history.contains { $0.verdict == .inconclusive }
    }

    /// A line for each figure that was held against earlier runs.
    func historyLines(_ painter: Painter) -> [String] {
        let hasTargets = Set(history.map(\.target)).count > 1
        return history.map { verdict in
            let mark =
                switch verdict.verdict {
                case .passed: painter.paint("passed", .good)
                case .regressed: painter.paint("REGRESSED", .bad)
                case .inconclusive: painter.paint("open", .warning)
                }
            let name = hasTargets ? "\(painter.clean(verdict.target)) \(verdict.figure)" : verdict.figure
            return "\(mark)  \(name)  \(Self.sentence(verdict))"
        }
    }

    /// `12.3, limit 12.9 from 20 runs around 11.8; could see 13.1`.
    static func sentence(_ verdict: HistoryVerdict) -> String {
        let value = verdict.value.map(NumberFormat.significant) ?? "no value"
        if let reason = verdict.reason { return "\(value); \(reason)" }
        guard let limit = verdict.limit, let typical = verdict.typical else {
            let needed = HistoryVerdict.runsNeeded
            return "\(value); \(verdict.runs) good earlier runs of the same scenario, target and kind of machine, and "
                + "it takes \(needed): keep measuring"
        }
        let could = verdict.detectable.map { "; could see \(NumberFormat.significant(typical * $0))" } ?? ""
        return "\(value), limit \(NumberFormat.significant(limit)) from \(verdict.runs) runs around "
            + "\(NumberFormat.significant(typical))\(could)"
    }

    static func value(_ verdict: HistoryVerdict) -> JSONValue {
        [
            "target": .string(verdict.target), "key": .string(verdict.figure), "value": .rounded(verdict.value),
            "typical": .rounded(verdict.typical), "limit": .rounded(verdict.limit),
            "could_see": .rounded(verdict.detectable.flatMap { factor in verdict.typical.map { $0 * factor } }),
            "runs": .integer(verdict.runs), "verdict": .string(verdict.verdict.rawValue),
        ]
    }

    package var markdown: String {
        let painter = Painter(hasColor: false, hasUnicode: true)
        var output = ["## Check of run \(PrintableText.markdown(painter.clean(runID))): \(word)", ""]
        output += flaws.map { "**invalid: \(PrintableText.markdown(painter.clean($0)))**\n" }
        if !lines.isEmpty {
            var table = MarkdownTable(
                headers: ["target", "budget", "value", "limit", "95 % CI", "outcome", "note"], firstNumber: 7)
            // What is cut off at the end of a long table is what was met.
            for line in lines.sorted(by: { $0.outcome.urgency < $1.outcome.urgency }) {
                let texts = cells(of: line, painter)
                table.rows.append(
                    [painter.clean(line.target, width: 60)] + texts.prefix(4) + [line.outcome.rawValue, texts[4]])
            }
            output += historyItems(painter) + (history.isEmpty ? [] : [""]) + table.lines
        } else {
            output += historyItems(painter)
        }
        return MarkdownReport.fitted(output)
    }

    private func historyItems(_ painter: Painter) -> [String] {
        history.map { verdict in
            "- \(verdict.verdict.rawValue): "
                + PrintableText.markdown(
                    "\(painter.clean(verdict.target, width: 60)) \(verdict.figure): \(Self.sentence(verdict))")
        }
    }

    /// Workflow commands of GitHub: one for each budget and figure that is not kept, and one that sums up.
    package var annotations: String {
        let painter = Painter(hasColor: false, hasUnicode: true)
        var output = flaws.map { GateReport.annotation("error", title: "run \(runID) is not valid", $0) }.joined()
        for line in lines where line.outcome != .met {
            output += GateReport.annotation(
                line.outcome == .broken ? "error" : "warning", title: "\(line.key) \(line.outcome.rawValue)",
                ([line.target] + cells(of: line, painter).dropFirst().filter { !$0.isEmpty }).joined(separator: " "))
        }
        for verdict in history where verdict.verdict != .passed {
            output += GateReport.annotation(
                verdict.verdict == .regressed ? "error" : "warning",
                title: "\(verdict.figure) \(verdict.verdict.rawValue)",
                "\(verdict.target) \(Self.sentence(verdict))")
        }
        return output + GateReport.annotation("notice", title: "ttft check", "run \(runID): \(word)")
    }

    package var junit: String {
        let painter = Painter(hasColor: false, hasUnicode: true)
        var suite = JUnitSuite(name: "ttft check")
        for flaw in flaws {
            suite.cases.append(
                JUnitSuite.Case(className: "run \(runID)", name: "valid", outcome: .error("not valid"), text: flaw))
        }
        for line in lines {
            let outcome: JUnitSuite.Outcome =
                switch line.outcome {
                case .met: .success
                case .broken: .failure("\(line.key) is not kept")
                case .undecided: .skipped("not decidable")
                }
            suite.cases.append(
                JUnitSuite.Case(
                    className: line.target, name: line.key, outcome: outcome,
                    text: cells(of: line, painter).dropFirst().filter { !$0.isEmpty }.joined(separator: " ")))
        }
        for verdict in history {
            let outcome: JUnitSuite.Outcome =
                switch verdict.verdict {
                case .passed: .success
                case .regressed: .failure("above the limit of earlier runs")
                case .inconclusive: .skipped("inconclusive")
                }
            suite.cases.append(
                JUnitSuite.Case(
                    className: verdict.target, name: "history \(verdict.figure)", outcome: outcome,
                    text: Self.sentence(verdict)))
        }
        return suite.text
    }
}

extension BudgetVerdict.Outcome {
    /// Less is what a reader has to see first.
    fileprivate var urgency: Int {
        switch self {
        case .broken: 0
        case .undecided: 1
        case .met: 2
        }
    }
}
