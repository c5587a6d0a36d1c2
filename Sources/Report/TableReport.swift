package import Metrics
import Timeline

/// A run's summary for a terminal: at most 16 lines for one target, or everything that is known.
package struct TableReport: Sendable {
    package struct Options: Sendable {
        package var color: Bool
        /// The columns of the terminal; at least 60 are used.
        package var width: Int
        /// All metrics, statistics and intervals, outcomes and the environment, whatever their length.
        package var isFull: Bool
        /// False keeps to ASCII.
        package var unicode: Bool

        package init(color: Bool = false, width: Int = 100, isFull: Bool = false, unicode: Bool = true) {
            self.color = color
            self.width = width
            self.isFull = isFull
            self.unicode = unicode
        }
    }

    /// The lines of the short form for one target.
    package static let lineLimit = 16
    private static let labelWidth = 12

    let summary: RunSummary
    let painter: Painter
    let phrases: Phrases
    let width: Int
    let isFull: Bool
    private let saved: String?
    private let next: String?

    /// Creates a report; `saved` says where the run was stored, such as `ttft.sqlite#RUN`, and `next` what to try next.
    package init(summary: RunSummary, options: Options = Options(), saved: String? = nil, next: String? = nil) {
        self.summary = summary
        painter = Painter(hasColor: options.color, hasUnicode: options.unicode)
        phrases = Phrases(painter: painter)
        width = max(60, options.width)
        isFull = options.isFull
        self.saved = saved
        self.next = next
    }

    /// The report, every line ended by a newline.
    package var text: String {
        let lines = isFull ? fullLines : shortLines
        return lines.map { "\($0)\n" }.joined()
    }

    private var shortLines: [String] {
        let (head, figures, closing) = (headLines, figureLines, closingLines)
        let footer = footerLine.map { [$0] } ?? []
        let room = Self.lineLimit - head.count - figures.count - closing.count - footer.count
        let warnings = warningLines(room: max(2, room))
        // Blank lines stand where no warning needs their place.
        let gap = warnings.count + 1 <= room ? [""] : []
        let secondGap = warnings.count + 2 <= room ? [""] : []
        return head + gap + figures + secondGap + closing + warnings + footer
    }

    private var fullLines: [String] {
        var lines = headLines + [""] + figureLines + [""] + closingLines
        lines += warningLines(room: nil)
        for target in summary.targets { lines += [""] + FullTargetTable(target, painter: painter).lines(width: width) }
        lines += [""] + EnvironmentLines(run: summary.run, painter: painter).lines(width: width)
        return lines + (footerLine.map { ["", $0] } ?? [])
    }

    // The head: what ran, against what, and how it went.

    private var headLines: [String] {
        let run = summary.run
        var first = ["Run \(painter.clean(run.id))", painter.clean(run.scenarioName, width: max(28, width - 72))]
        first += [phrases.load(run), "seed \(run.seed)"]
        first += [UTCTimestamp(nanosecondsSince1970: run.startedWallClock).spoken]
        if let status = phrases.status(run) { first.insert(status, at: 1) }
        // What the first line does not hold may find room in the second.
        let kept = fitting(first)
        var lines = [line(kept, .strong), line(whoAndHow + first.dropFirst(kept.count))]
        if let failures = phrases.failures(summary.targets) {
            let example = phrases.failureExample(summary.targets).map { "; \($0)" } ?? ""
            lines.append(painter.paint(painter.clean(failures + example, width: width), .bad))
        }
        return lines
    }

    private var whoAndHow: [String] {
        var parts: [String] = []
        if summary.targets.count == 1, let target = summary.targets.first?.target {
            let api = painter.clean(target.api) + (target.isSimulated ? ", simulated" : "")
            let rest = PrintableText.width(api) + PrintableText.width(phrases.success(summary.targets)) + 4
            parts.append(spelled(target, width: max(40, width - rest)))
            parts.append(api)
        } else {
            let simulated = summary.targets.count { $0.target.isSimulated }
            let isAll = simulated == summary.targets.count
            parts.append("\(summary.targets.count) \(isAll ? "simulated " : "")targets")
            if simulated > 0, !isAll { parts[0] += " (\(simulated) simulated)" }
        }
        parts.append(phrases.success(summary.targets))
        let warmup = summary.targets.reduce(0) { $0 + $1.warmupAttempts }
        parts.append(warmup == 0 ? "no warm-up" : "+\(warmup) warm-up")
        return parts + (phrases.queueDelay(summary.targets).map { [$0] } ?? [])
    }

    /// `name: model`, or the one name; each is cut only where both do not fit a width.
    private func spelled(_ target: TargetRun, width: Int) -> String {
        let both = target.name == target.model ? [target.name] : [target.name, target.model]
        let whole = both.map { painter.clean($0) }.joined(separator: ": ")
        if PrintableText.width(whole) <= width { return whole }
        return painter.names(both, width: width / both.count - 1).joined(separator: ": ")
    }

    // The end: tokens, the instrument's error, what is odd, and what to do next.

    private var closingLines: [String] {
        let error = phrases.measurementError(summary.run, summary.targets)
        let retries = phrases.retries(summary.targets).map { [labelled("retries", $0)] } ?? []
        let cancelled = phrases.cancellations(
            summary.targets, hasServerMetrics: summary.server?.releases.isEmpty == false
        ).map { labelled($0.label, $0.parts) }
        let answers = phrases.answers(summary).flatMap { wrapped($0.label, $0.parts) }
        let server = phrases.server(summary)
        return retries + cancelled + (server.isEmpty ? [] : wrapped("server", server)) + answers + [
            labelled("tokens", phrases.tokens(summary.targets)), labelled("accuracy", error),
        ]
    }

    private var footerLine: String? {
        let parts = [saved.map { "saved: \(painter.clean($0))" }, next.map { "next: \(painter.clean($0))" }]
        let present = parts.compactMap(\.self)
        // Commands are there to be copied: they are never cut.
        return present.isEmpty ? nil : painter.paint(present.joined(separator: "   "), .faint)
    }

    /// The parts that fit a line, from the first on.
    private func fitting(_ parts: [String]) -> [String] {
        var kept = parts
        while kept.count > 1, PrintableText.width(kept.joined(separator: "  ")) > width { kept.removeLast() }
        return kept
    }

    /// Joins parts that fit the width; those that do not are left out, the last first.
    private func line(_ parts: [String], _ emphasis: Painter.Emphasis = .none) -> String {
        let kept = fitting(parts)
        let rest = kept.dropFirst().joined(separator: "  ")
        guard let first = kept.first, !rest.isEmpty else { return painter.clean(kept.joined(), width: width) }
        return painter.paint(first, emphasis) + "  " + rest
    }

    /// The same with as many lines as all parts need.
    private func wrapped(_ label: String, _ parts: [String]) -> [String] {
        var lines: [[String]] = [[]]
        for part in parts {
            let longer = (lines[lines.count - 1] + [part]).joined(separator: "; ")
            let fits = PrintableText.width(longer) <= width - Self.labelWidth
            if fits || lines[lines.count - 1].isEmpty {
                lines[lines.count - 1].append(part)
            } else {
                lines.append([part])
            }
        }
        return lines.enumerated().map { labelled($0.offset == 0 ? label : "", $0.element) }
    }

    /// A line under the table, its text in line with the first figures.
    func labelled(_ label: String, _ parts: [String], _ emphasis: Painter.Emphasis = .none) -> String {
        var kept = parts
        let room = width - Self.labelWidth
        while kept.count > 1, PrintableText.width(kept.joined(separator: "; ")) > room { kept.removeLast() }
        let text = painter.clean(kept.joined(separator: "; "), width: room)
        return painter.paint(PrintableText.pad(label, to: Self.labelWidth), .faint) + painter.paint(text, emphasis)
    }
}
