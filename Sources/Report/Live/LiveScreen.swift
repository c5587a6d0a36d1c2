import Metrics
import Timeline

/// A run on a terminal while it goes on: the lines of one frame, none wider and no more than the terminal holds.
package struct LiveScreen: Sendable {
    package struct Options: Sendable {
        package var color: Bool
        /// False keeps to ASCII.
        package var unicode: Bool
        package var width: Int
        package var height: Int
        /// Whether keys are listened to, so that they are worth naming.
        package var hasKeys: Bool
        package var isPaused: Bool
        /// Whether failed requests are shown with what servers said.
        package var showsErrors: Bool

        package init(
            color: Bool = false, unicode: Bool = true, width: Int = 80, height: Int = 24, hasKeys: Bool = true,
            isPaused: Bool = false, showsErrors: Bool = false
        ) {
            self.color = color
            self.unicode = unicode
            self.width = width
            self.height = height
            self.hasKeys = hasKeys
            self.isPaused = isPaused
            self.showsErrors = showsErrors
        }
    }

    let state: LiveState
    let options: Options
    let painter: Painter
    var figures: LiveFigures { state.figures }

    package init(_ state: LiveState, options: Options = Options()) {
        self.state = state
        self.options = options
        painter = Painter(hasColor: options.color, hasUnicode: options.unicode)
    }

    package var lines: [String] {
        let table = LiveTable(self).lines
        var lines = [headLine, countLine] + table + [throughputLine, streamsLine, generatorLine] + notices
        if options.showsErrors { lines += errorLines }
        // The keys stay visible, whatever has no room.
        let room = max(0, options.height - 1)
        if lines.count > room { lines.removeSubrange(room...) }
        return (lines + [keyLine]).prefix(max(1, options.height)).map {
            PaintedLine.cut(" \($0)", to: options.width)
        }
    }

    // What runs, and how far it is.

    private var headLine: String {
        let run = state.run
        var time = LiveState.clock(figures.elapsed)
        if let planned = figures.plannedLength { time += " / \(LiveState.clock(planned))" }
        let right = "\(time)  \(bar) \(Int(figures.share * 100)) %"
        let room = options.width - 2 - PrintableText.width(right)
        var left = painter.paint(painter.clean(run.scenarioName, width: max(8, room - 2)), .strong)
        var used = min(PrintableText.width(painter.clean(run.scenarioName)), max(8, room - 2))
        var parts = [Phrases(painter: painter).load(run)]
        if run.targets.count == 1, let target = run.targets.first {
            parts.insert(
                painter.clean(target.name == target.model ? target.name : "\(target.name): \(target.model)"), at: 0)
        }
        for part in parts where used + 2 + PrintableText.width(part) <= room - 2 {
            left += "  \(part)"
            used += 2 + PrintableText.width(part)
        }
        return left + String(repeating: " ", count: max(2, room - used)) + right
    }

    private static let barWidth = 12

    private var bar: String {
        let done = min(Self.barWidth, Int(figures.share * Double(Self.barWidth)))
        let (full, empty) = painter.hasUnicode ? ("█", "░") : ("#", ".")
        return String(repeating: full, count: done) + String(repeating: empty, count: Self.barWidth - done)
    }

    /// What was sent, is done and failed; where the terminal is narrow the failures stay longest.
    private var countLine: String {
        var parts: [(text: String, emphasis: Painter.Emphasis, importance: Int)] = []
        var classes = ""
        if let started = figures.started { parts.append(("sent \(started)", .none, 2)) }
        parts.append(("done \(figures.ended)", .none, 4))
        if let inFlight = figures.inFlight { parts.append(("in flight \(inFlight)", .none, 1)) }
        if figures.failed == 0 {
            parts.append(("failed 0", .none, 5))
        } else {
            let share = NumberFormat.fixed(100 * Double(figures.failed) / Double(figures.ended), decimals: 1)
            parts.append(("failed \(figures.failed) (\(share) %)", .bad, 5))
            classes = figures.errors.map { "\(painter.clean($0.name, width: 40)) \($0.count)" }.joined(separator: ", ")
        }
        if !figures.isMeasuring {
            parts.append(("warming up", .warning, 3))
        } else if figures.warmupEnded > 0 {
            parts.append(("+\(figures.warmupEnded) warm-up", .faint, 0))
        }
        while parts.count > 1, PrintableText.width(parts.map(\.text).joined(separator: "  ")) > options.width - 2,
            let least = parts.indices.min(by: { parts[$0].importance < parts[$1].importance })
        {
            parts.remove(at: least)
        }
        let line = parts.map { painter.paint($0.text, $0.emphasis) }.joined(separator: "  ")
        let room = options.width - 4 - PrintableText.width(parts.map(\.text).joined(separator: "  "))
        return classes.isEmpty || room < 12
            ? line : line + "  " + painter.paint(painter.clean(classes, width: room), .bad)
    }

    // What comes through.

    private var throughputLine: String {
        let requests = Self.sum(figures.targets.map(\.requestsPerSecond))
        let tokens = Self.sum(figures.targets.map(\.tokensPerSecond))
        guard let requests, let tokens else { return painter.paint("throughput", .faint) + "  -" }
        var parts = [
            "\(NumberFormat.significant(requests)) req/s, \(NumberFormat.significant(tokens)) tok/s (last 10 s)"
        ]
        if let good = Self.sum(figures.targets.map { $0.good.map(Double.init) }), figures.ended > 0 {
            let share = NumberFormat.fixed(100 * good / Double(figures.ended), decimals: 1)
            let rate = Self.sum(figures.targets.map(\.goodRequestsPerSecond)).map(NumberFormat.significant) ?? "-"
            parts.append("goodput \(share) %, \(rate) req/s")
        }
        return "\(painter.paint("throughput", .faint))  \(parts.joined(separator: "   "))"
    }

    private static func sum(_ values: [Double?]) -> Double? {
        let present = values.compactMap(\.self)
        return present.isEmpty ? nil : present.reduce(0, +)
    }

    private var streamsLine: String {
        let stalls = figures.targets.reduce(0) { $0 + $1.stalls }
        let sources = Set(figures.targets.flatMap(\.tokenSources)).sorted()
        let tokens =
            sources.isEmpty ? "-" : sources.joined(separator: ", ").split(separator: "_").joined(separator: " ")
        return
            "\(painter.paint("streams", .faint))     \(stalls) stalls in \(figures.complete)   tokens: \(tokens)\(spent)"
    }

    /// What was spent, and the most that may be, where the targets have prices.
    private var spent: String {
        guard let cost = Self.sum(figures.targets.map(\.cost)) else { return "" }
        let count = figures.targets.reduce(0) { $0 + $1.tokens }
        let limit = state.run.maxCost.map { " of \(Phrases.amount($0))" } ?? ""
        return "   \(count) tokens, cost \(Phrases.amount(cost))\(limit)"
    }

    /// The instrument's own honesty: how late it starts, reads and stamps.
    private var generatorLine: String {
        var parts: [String] = []
        parts.append(marked("late starts \(figures.lateStarts)", isBad: (figures.queueDelay ?? 0) > Self.late))
        if let lag = figures.lag {
            // Where the kernel stamps, a late reading changes no figure.
            let text = "lag p99 \(NumberFormat.bound(milliseconds: lag, micro: painter.micro))"
            parts.append(marked(text, isBad: state.run.clockSource == .read && lag > Self.late))
        }
        if let bound = figures.lateBound {
            let text = "stamps \(painter.atMost) \(NumberFormat.bound(milliseconds: bound, micro: painter.micro)) late"
            parts.append(marked(text, isBad: bound > Self.late))
        }
        if let share = state.processorShare { parts.append("CPU \(Int((share * 100).rounded())) %") }
        return "\(painter.paint("generator", .faint))   \(parts.joined(separator: "  "))"
    }

    /// What is later than this, in milliseconds, deserves a mark.
    private static let late = 1.0

    private func marked(_ text: String, isBad: Bool) -> String { isBad ? painter.paint("\(text) !", .warning) : text }

    // What people were told, and what they can do.

    private var notices: [String] {
        state.notices.suffix(3).map { painter.paint(painter.clean($0), .warning) }
    }

    private var errorLines: [String] {
        guard !figures.errors.isEmpty else { return ["", "no request has failed"] }
        return [""]
            + figures.errors.prefix(8).map { error in
                let example = error.example.map { "  \"\(painter.clean($0))\"" } ?? ""
                return painter.paint("\(error.count)  \(painter.clean(error.name))\(example)", .bad)
            }
    }

    private var keyLine: String {
        guard options.hasKeys else { return painter.paint("Ctrl-C stops and reports", .faint) }
        let pause = options.isPaused ? "p go on drawing" : "p pause drawing"
        let errors = options.showsErrors ? "l hide errors" : "l errors"
        return painter.paint("q stop and report   \(pause)   \(errors)", options.isPaused ? .warning : .faint)
    }
}
