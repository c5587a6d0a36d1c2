import Metrics
import Timeline

// What CI services read: JSON for scripts, Markdown for a step summary, annotations, JUnit for test views.
extension GateReport {
    package var json: String {
        let design = gate.design
        let value: JSONValue = [
            "schema_version": .integer(Self.schemaVersion), "run_id": .string(run.id),
            "scenario": .string(run.scenarioName), "scenario_hash": .string(run.scenarioHash),
            "baseline": .string(design.baseline), "candidate": .string(design.candidate),
            "verdict": .string(word), "sentence": .string(verdict), "next": .string(next),
            "pairs": .integer(gate.pairs), "requests_per_block": .integer(design.requestsPerBlock),
            "measured_pairs": .integer(gate.measuredPairs), "run_status": .string(run.status.rawValue),
            "looks": .array(gate.looked.map { .integer($0) }),
            "planned_looks": .array(design.looks.map { .integer($0) }),
            "ran_out": .bool(gate.ranOut), "margin": .rounded(design.margin),
            "success_margin": .rounded(design.successMargin), "error_rate": .rounded(design.errorRate),
            "distrusted": .strings(distrusted), "figures": .array(gate.figures.map(Self.value)),
        ]
        return value.indentedText + "\n"
    }

    private static func value(_ figure: GatedFigure) -> JSONValue {
        [
            "metric": .string(figure.metric.name), "unit": .string(figure.metric.unit.rawValue),
            "higher_is_better": .bool(figure.metric.isHigherBetter), "pairs": .integer(figure.pairs),
            "baseline": .rounded(figure.baseline), "candidate": .rounded(figure.candidate),
            "change": .rounded(figure.change), "ci_low": .rounded(figure.interval?.lowerBound),
            "ci_high": .rounded(figure.interval?.upperBound), "ci_level": .number(0.95),
            "p_value": .number(figure.pValue), "could_see": .rounded(figure.detectable),
            "margin": .rounded(figure.margin), "verdict": .string(figure.verdict.rawValue),
            "improved": .bool(figure.isImproved),
        ]
    }

    package var markdown: String {
        let painter = Painter(hasColor: false, hasUnicode: true)
        let escaped = { (text: String) in PrintableText.markdown(painter.clean(text, width: 400)) }
        var table = MarkdownTable(
            headers: ["figure", "unit", "baseline", "candidate", "change", "95 % CI", "could see", "p", "verdict"],
            firstNumber: 2)
        for figure in gate.figures {
            let cells = GateCells(figure)
            table.rows.append([
                figure.metric.title, cells.unit, cells.baseline, cells.candidate, cells.change, cells.interval,
                cells.detectable, cells.pValue, cells.verdict,
            ])
        }
        let names = [gate.design.candidate, gate.design.baseline].map { escaped(painter.clean($0, width: 60)) }
        let lines =
            ["## \(escaped(run.scenarioName)): \(names[0]) against \(names[1])", "", "**\(escaped(verdict))**", ""]
            + table.lines + ["", escaped(facts(painter).joined(separator: ", ")), "", escaped("Next: \(next)")]
            + distrusted.map { "- **!** \(escaped($0))" }
        return lines.map { "\($0)\n" }.joined()
    }

    /// Workflow commands of GitHub: a line for the verdict, and one for each figure that did not pass.
    package var annotations: String {
        let title = "\(run.scenarioName): \(gate.design.candidate) against \(gate.design.baseline)"
        var lines = [Self.annotation(level(gate.verdict), title: title, "\(verdict). \(next)")]
        for figure in gate.figures where figure.verdict != .passed {
            let cells = GateCells(figure)
            lines.append(
                Self.annotation(
                    level(figure.verdict), title: "\(figure.metric.title) \(figure.verdict.rawValue)",
                    "\(cells.baseline) to \(cells.candidate) \(cells.unit), \(cells.change) \(cells.interval); could see "
                        + "\(cells.detectable) with \(figure.pairs) pairs"))
        }
        return lines.joined()
    }

    private func level(_ verdict: GateVerdict) -> String {
        if word == "invalid" { return "error" }
        return switch verdict {
        case .regressed: "error"
        case .inconclusive: "warning"
        case .passed: "notice"
        }
    }

    static func annotation(_ level: String, title: String, _ message: String) -> String {
        let title = escaped(PrintableText.terminal(title)).replacing(":", with: "%3A").replacing(",", with: "%2C")
        return "::\(level) title=\(title)::\(escaped(PrintableText.terminal(message)))\n"
    }

    /// As GitHub's runner reads the data of commands.
    private static func escaped(_ text: String) -> String {
        text.replacing("%", with: "%25").replacing("\r", with: "%0D").replacing("\n", with: "%0A")
    }

    /// A test suite with a case for each figure: a regression fails, an open verdict is skipped.
    package var junit: String {
        var suite = JUnitSuite(name: "ttft ab \(run.scenarioName)")
        for figure in gate.figures {
            let cells = GateCells(figure)
            let text =
                "\(cells.baseline) to \(cells.candidate) \(cells.unit), \(cells.change) \(cells.interval), "
                + "could see \(cells.detectable), \(figure.pairs) pairs"
            let outcome: JUnitSuite.Outcome =
                switch figure.verdict {
                case _ where word == "invalid": .error(verdict)
                case .regressed: .failure("regressed: worse by more than \(Self.percent(figure.margin))")
                case .inconclusive: .skipped("inconclusive")
                case .passed: .success
                }
            suite.cases.append(
                JUnitSuite.Case(
                    className: "\(gate.design.candidate) against \(gate.design.baseline)", name: figure.metric.name,
                    outcome: outcome, text: text))
        }
        return suite.text
    }
}
