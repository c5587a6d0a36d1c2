package import Metrics
package import Timeline

/// The verdict on pairs of requests, in words and in every form that people and CI services read.
package struct GateReport: Sendable {
    package static let schemaVersion = 1

    let run: RunDescription
    package let gate: Gate
    /// The judged medians that the instrument may have changed too much.
    package let distrusted: [String]
    private let errorRate: Double
    private let databaseArgument: String
    /// Whether the verdict stands all the same.
    private let allowsDistrusted: Bool

    package init(
        run: RunDescription, gate: Gate, distrusted: [String], errorRate: Double, databaseArgument: String = "",
        allowsDistrusted: Bool = false
    ) {
        self.run = run
        self.gate = gate
        self.distrusted = distrusted
        self.errorRate = errorRate
        self.databaseArgument = databaseArgument
        self.allowsDistrusted = allowsDistrusted
    }

    /// Whether this machine may have made the verdict.
    package var isClientLimited: Bool { !distrusted.isEmpty && !allowsDistrusted }

    package var hasTooManyFailures: Bool { errorRate > run.maxErrorRate }

    /// The word that sums up: `invalid` where the figures themselves are not to be believed.
    package var word: String {
        if isClientLimited { return "invalid" }
        if hasTooManyFailures, gate.verdict != .regressed { return "invalid" }
        return gate.verdict.rawValue
    }

    /// The verdict in one sentence, without foreign text.
    package var verdict: String {
        let margin = Self.percent(gate.design.margin)
        if isClientLimited {
            return "invalid: this machine may have changed \(distrusted.count) of the medians by more than 2 %"
        }
        if word == "invalid" {
            return "invalid: \(Self.percent(errorRate)) of the requests failed, more than max_error_rate allows"
        }
        switch gate.verdict {
        case .regressed: return "regressed: \(titles(.regressed)) got worse by more than the margin"
        case .passed where gate.figures.contains(where: \.isImproved):
            let better = gate.figures.filter(\.isImproved).map(\.metric.title).joined(separator: ", ")
            return "passed: nothing got worse by more than \(margin), and \(better) got better by more than that"
        case .passed: return "passed: nothing got worse by more than \(margin)"
        case .inconclusive: return "inconclusive: \(doubt)"
        }
    }

    /// What to do next, in one sentence.
    package var next: String {
        if isClientLimited {
            return "Free this machine or ask for fewer streams at once, and measure again."
        }
        if word == "invalid" { return "See why requests fail: ttft show \(run.id) --failed\(databaseArgument)" }
        switch gate.verdict {
        case .regressed: return "Look at what changed: ttft compare \(run.id)\(databaseArgument)"
        case .passed: return "Nothing is left to do."
        case .inconclusive:
            if let remedy = valuelessRemedy ?? shortRemedy { return remedy }
            guard let needed = gate.pairsNeeded else {
                return "Measure more pairs: --pairs \(max(20, 2 * gate.pairs))."
            }
            let found = Self.percent(2 * gate.design.margin)
            if needed > 2_000 {
                return "The noise is too large to see +\(found) in 2000 pairs: make the runs steadier, or set a larger "
                    + "--margin."
            }
            return "Measure more pairs: about \(max(needed, gate.pairs)) (--pairs) would show a change of \(found), or "
                + "set a larger --margin."
        }
    }

    private func titles(_ verdict: GateVerdict) -> String {
        gate.figures.filter { $0.verdict == verdict }.map(\.metric.title).joined(separator: ", ")
    }

    /// What was compared, and how: `200 pairs, margin 5 %, false alarms at most 1 %`.
    func facts(_ painter: Painter) -> [String] {
        var facts = ["\(gate.pairs) pairs"]
        let size = gate.design.requestsPerBlock
        if gate.ranOut, let missedLook {
            facts[0] = "only \(gate.measuredPairs) of \(missedLook) pairs"
            if let last = gate.looked.last { facts[0] += ", judged by the first \(last)" }
        }
        if size > 1 { facts[0] += " of blocks of \(size) requests" }
        facts.append("margin \(Self.percent(gate.design.margin))")
        facts.append("error rate \(Self.percent(gate.design.errorRate))")
        facts.append(Phrases(painter: painter).load(run).split(separator: ",").prefix(2).joined(separator: ","))
        facts.append("seed \(run.seed)")
        if run.status != .finished {
            facts.append(run.reachedMaxCost ? "stopped before max_cost" : "the run is \(run.status.rawValue)")
        }
        return facts
    }

    package static func percent(_ share: Double) -> String {
        "\(NumberFormat.trimmed((share * 1e6).rounded() / 1e4)) %"
    }
}

extension GateReport {
    package func table(options: TableReport.Options = TableReport.Options()) -> String {
        let painter = Painter(hasColor: options.color, hasUnicode: options.unicode)
        var table = TextTable(columns: [
            TextTable.Column(header: "", alignment: .left),
            TextTable.Column(header: "", alignment: .left, emphasis: .faint),
            TextTable.Column(header: "baseline", alignment: .decimal),
            TextTable.Column(header: "candidate", alignment: .decimal),
            TextTable.Column(header: "change", alignment: .right, emphasis: .strong),
            TextTable.Column(header: "95 % CI", alignment: .left, emphasis: .faint),
            TextTable.Column(header: "could see", alignment: .right),
            TextTable.Column(header: "p", alignment: .left, importance: 50),
            TextTable.Column(header: "verdict", alignment: .left),
        ])
        for figure in gate.figures {
            let cells = GateCells(figure)
            let emphasis: Painter.Emphasis =
                switch figure.verdict {
                case .regressed: .bad
                case .passed: .good
                case .inconclusive: .warning
                }
            table.rows.append(
                [
                    figure.metric.title, cells.unit, cells.baseline, cells.candidate, cells.change, cells.interval,
                    cells.detectable, cells.pValue,
                ].map { TextTable.Cell($0) }
                    + [TextTable.Cell(cells.verdict, emphasis)])
        }
        let names = [gate.design.baseline, gate.design.candidate].map { painter.clean($0, width: 40) }
        let head = [
            "\(painter.clean(run.scenarioName, width: 40)): \(names[1]) against \(names[0])",
            "  " + facts(painter).joined(separator: ", "), "",
        ]
        let emphasis: Painter.Emphasis =
            switch word {
            case "passed": .good
            case "inconclusive": .warning
            default: .bad
            }
        let tail =
            ["", painter.paint(verdict, emphasis)]
            + distrusted.map { "! \(painter.clean($0, width: 80)) may be off by more than 2 %" } + [
                "next: \(painter.clean(next))",
                "run \(painter.clean(run.id)); the same again: ttft ab --rejudge \(painter.clean(run.id))\(databaseArgument)",
            ]
        let lines = head + table.lines(width: max(60, options.width), painter: painter) + tail
        return lines.map { "\($0)\n" }.joined()
    }
}

/// A figure's cells, as every form prints them.
struct GateCells {
    let unit: String
    let baseline: String
    let candidate: String
    let change: String
    let interval: String
    let detectable: String
    let pValue: String
    let verdict: String

    init(_ figure: GatedFigure) {
        let scale = UnitScale(figure.metric.unit)
        // A success rate changes by points, all else by a share of what it was.
        let isShare = figure.metric.unit == .share
        let suffix = isShare ? " points" : " %"
        unit = scale.symbol
        let values = [figure.baseline, figure.candidate].map { value in
            value.map { NumberFormat.significant($0 * scale.factor) } ?? "-"
        }
        (baseline, candidate) = (values[0], values[1])
        change = figure.change.map { Self.signed($0) + suffix } ?? "-"
        interval = figure.interval.map { "[\(Self.signed($0.lowerBound)), \(Self.signed($0.upperBound))]" } ?? "n/a"
        detectable = figure.detectable.map { Self.signed($0) + suffix } ?? "n/a"
        pValue = Self.probability(figure.pValue)
        verdict = figure.isImproved ? "passed (improved)" : figure.verdict.rawValue
    }

    private static func signed(_ share: Double) -> String {
        let text = NumberFormat.fixed(100 * share, decimals: 1)
        return text.hasPrefix("-") || text == "0.0" ? text : "+\(text)"
    }

    private static func probability(_ value: Double) -> String {
        value < 0.0001 ? "<0.0001" : NumberFormat.fixed(value, decimals: 4)
    }
}
