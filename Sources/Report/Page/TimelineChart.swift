import Metrics
import Timeline

/// When each request was sent and how long its first token took, with the warm-up and what failed.
struct TimelineChart {
    let series: [Series]
    let id = "timeline"

    /// The marks drawn of one series, and the rows of its table.
    private static let pointLimit = 800
    private static let rowLimit = 1000

    var figure: Figure? {
        let attempts = series.flatMap(\.picture.attempts)
        let tokens = attempts.compactMap(\.timeToFirstToken)
        guard !attempts.isEmpty else { return nil }
        let isSpread = (tokens.max() ?? 1) > 20 * (tokens.filter { $0 > 0 }.min() ?? 1)
        var plot = Plot(
            x: Axis("seconds after the run's start", scale: .linear(attempts.map { Self.second($0) })),
            y: Axis("TTFT, ms", scale: isSpread ? .logarithmic(tokens) : .linear(tokens)), height: 340)
        plot.width = 1200
        plot.top = 36
        let failures = attempts.filter { $0.phase == .measured && !$0.outcome.isComplete }
        let svg = plot.svg(
            id: "timeline-chart", title: "Requests over time",
            description: "\(attempts.count) attempts, \(attempts.count { $0.phase == .warmup }) of them warm-up, "
                + "\(failures.count) of the measured ones failed. The table below has each."
        ) { markup in
            drawWarmup(in: plot, to: &markup)
            for one in series { draw(one, in: plot, to: &markup) }
            drawFailures(in: plot, to: &markup)
        }
        return Figure(
            id: id, title: "The run over time",
            caption:
                "A mark for each request at the moment it was sent. A trend or a step here means that the run was not "
                + "steady. Grey rings are the warm-up, which enters no figure; crosses above the line failed.",
            key: Series.key(of: series), charts: [svg], tables: [table], isWide: true)
    }

    private static func second(_ attempt: AttemptPoint) -> Double { (attempt.sent ?? attempt.planned) / 1000 }

    private func drawWarmup(in plot: Plot, to markup: inout Markup) {
        let warmup = series.flatMap(\.picture.attempts).filter { $0.phase == .warmup }
        let measured = series.flatMap(\.picture.attempts).filter { $0.phase == .measured }.map { Self.second($0) }
        guard !warmup.isEmpty else { return }
        if let start = measured.min(), (warmup.map { Self.second($0) }.max() ?? 0) <= start {
            let (left, right) = (plot.x(0), plot.x(start))
            markup.element(
                "rect",
                [
                    "class": "warmup", "x": PathData.number(left), "y": PathData.number(plot.top),
                    "width": PathData.number(right - left),
                    "height": PathData.number(plot.height - plot.top - plot.bottom),
                ])
            Plot.label("warm-up", left + 4, plot.top + 14, "start", to: &markup)
        }
        var path = ""
        for attempt in warmup {
            guard let token = attempt.timeToFirstToken else { continue }
            path += SeriesStyle(6).path(plot.x(Self.second(attempt)), plot.y(token), 3)
        }
        markup.element("path", ["class": "mark ring idle", "d": path])
    }

    private func draw(_ one: Series, in plot: Plot, to markup: inout Markup) {
        let shown = one.picture.attempts.filter {
            $0.phase == .measured && $0.outcome.isComplete && $0.timeToFirstToken != nil
        }.sorted { Self.second($0) < Self.second($1) }
        let kept = Downsampling.keepingExtremes(shown.map { $0.timeToFirstToken ?? 0 }, limit: Self.pointLimit)
        var path = ""
        for index in kept {
            path += one.style.path(
                plot.x(Self.second(shown[index])), plot.y(shown[index].timeToFirstToken ?? 0), 3)
        }
        markup.element("path", ["class": "mark dots \(one.style.colorClass) \(one.style.marker)", "d": path])
        markup.newLine()
    }

    /// Failures have no place on the axis of TTFT: they stand above it.
    private func drawFailures(in plot: Plot, to markup: inout Markup) {
        let hasFailures = series.contains { one in
            one.picture.attempts.contains { $0.phase == .measured && !$0.outcome.isComplete }
        }
        guard hasFailures else { return }
        Plot.label("failed", plot.left - 6, 24, "end", to: &markup)
        for one in series {
            let failed = one.picture.attempts.filter { $0.phase == .measured && !$0.outcome.isComplete }
            for index in Downsampling.keepingExtremes(failed.map { Self.second($0) }, limit: 400) {
                let attempt = failed[index]
                let x = plot.x(Self.second(attempt))
                markup.element(
                    "path",
                    ["class": "failure", "d": "M\(PathData.number(x - 4)) 16l8 8M\(PathData.number(x + 4)) 16l-8 8"]
                ) {
                    $0.element(
                        "title", text: "\(one.label), request \(attempt.requestIndex): \(attempt.outcome.rawValue)")
                }
            }
        }
    }

    private var table: DataTable {
        var rows: [[String]] = []
        var total = 0
        for one in series {
            total += one.picture.attempts.count
            for attempt in one.picture.attempts.prefix(Self.rowLimit) {
                rows.append(
                    [
                        one.run.id, String(attempt.requestIndex), String(attempt.attempt),
                        one.picture.summary.target.name, attempt.phase.rawValue, attempt.outcome.rawValue,
                    ] + [attempt.sent, attempt.timeToFirstToken, attempt.endToEnd].map(CSVText.number))
            }
        }
        let cut = rows.count < total ? ", the first \(rows.count) of \(total): ttft export has all" : ""
        return DataTable(
            id: "timeline-data", caption: "Requests\(cut)",
            header: [
                "run_id", "request_index", "attempt", "target", "phase", "status", "start_offset_ms", "ttft_ms",
                "e2e_ms",
            ], rows: rows, nameColumns: 3)
    }
}
