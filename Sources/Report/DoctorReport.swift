import Timeline

/// What was found of a machine, check by check, and whether one can measure with it.
package struct DoctorReport: Sendable {
    package enum Verdict: String, Sendable, CaseIterable {
        case ok
        /// It can make figures worse, or nobody knows; it is no reason not to measure.
        case note
        /// What is measured, or whether anything can be, is in doubt.
        case unfit
    }

    /// One thing that was looked at.
    package struct Finding: Sendable, Equatable {
        package var check: String
        package var verdict: Verdict
        package var found: String
        /// What to do; nil where all is well, or nothing helps.
        package var remedy: String?

        package init(_ check: String, _ verdict: Verdict, _ found: String, remedy: String? = nil) {
            self.check = check
            self.verdict = verdict
            self.found = found
            self.remedy = remedy
        }
    }

    private let findings: [Finding]
    private let scenario: String?

    /// Creates a report; `scenario` names what the machine was held against.
    package init(_ findings: [Finding], scenario: String? = nil) {
        self.findings = findings
        self.scenario = scenario
    }

    /// Whether nothing speaks against measuring with this machine.
    package var isFit: Bool { !findings.contains { $0.verdict == .unfit } }

    /// A line for each check, its remedy under it.
    package func text(options: TableReport.Options = TableReport.Options()) -> String {
        let painter = Painter(hasColor: options.color, hasUnicode: options.unicode)
        let nameWidth = findings.map { PrintableText.width($0.check) }.max() ?? 0
        let indentation = nameWidth + 2 + Self.verdictWidth + 2
        let room = max(30, options.width - indentation)
        var lines: [String] = []
        for finding in findings {
            let name = PrintableText.pad(finding.check, to: nameWidth)
            let verdict = painter.paint(
                PrintableText.pad(finding.verdict.rawValue, to: Self.verdictWidth), Self.emphasis(finding.verdict))
            let further =
                PrintableText.wrap(painter.clean(finding.found), to: room)
                + (finding.remedy.map { PrintableText.wrap("to do: \(painter.clean($0))", to: room) } ?? [])
            for (index, line) in further.enumerated() {
                let head = index == 0 ? "\(name)  \(verdict)  " : String(repeating: " ", count: indentation)
                lines.append(head + line)
            }
        }
        return (lines + ["", closing]).map { "\($0)\n" }.joined()
    }

    private static let verdictWidth = 5

    private var closing: String {
        let purpose = scenario.map { " for \(PrintableText.terminal($0))" } ?? ""
        let count = findings.count { $0.verdict == .unfit }
        if count > 0 { return "unfit\(purpose): \(count) of \(findings.count) checks" }
        let notes = findings.count { $0.verdict == .note }
        return "fit to measure\(purpose)" + (notes == 0 ? "" : ", \(notes) of \(findings.count) checks with a note")
    }

    private static func emphasis(_ verdict: Verdict) -> Painter.Emphasis {
        switch verdict {
        case .ok: .good
        case .note: .warning
        case .unfit: .bad
        }
    }

    package var json: String {
        let value: JSONValue = [
            "schema_version": .integer(JSONReport.schemaVersion), "fit": .bool(isFit), "scenario": .optional(scenario),
            "checks": .array(
                findings.map { finding in
                    [
                        "name": .string(finding.check), "verdict": .string(finding.verdict.rawValue),
                        "found": .string(finding.found), "remedy": .optional(finding.remedy),
                    ]
                }),
        ]
        return value.indentedText + "\n"
    }
}
