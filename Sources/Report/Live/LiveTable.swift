import Metrics

/// The figures of a frame: a row per metric for one target, a row per target for several.
struct LiveTable {
    private let screen: LiveScreen
    private var painter: Painter { screen.painter }

    init(_ screen: LiveScreen) { self.screen = screen }

    var lines: [String] {
        let targets = screen.figures.targets
        if targets.count == 1, let target = targets.first { return metrics(of: target) }
        // Head, counts, three lines of the run, the keys, and the header of the table.
        let room = max(1, screen.options.height - 7)
        guard targets.count > room else { return rows(of: targets) }
        return rows(of: Array(targets.prefix(room - 1))) + ["\(painter.ellipsis) and \(targets.count - room + 1) more"]
    }

    private func metrics(of target: LiveFigures.Target) -> [String] {
        let courses = [
            ("TTFT", "ms", target.timeToFirstToken), ("gap", "ms/token", target.gap), ("speed", "tok/s", target.speed),
        ]
        var table = TextTable(columns: [
            TextTable.Column(header: "", alignment: .left),
            TextTable.Column(header: "", alignment: .right, importance: 60, emphasis: .faint),
            TextTable.Column(header: "now", alignment: .decimal, importance: 70),
            TextTable.Column(header: "p50", alignment: .decimal, emphasis: .strong),
            TextTable.Column(header: "p90", alignment: .decimal, importance: 80),
            TextTable.Column(header: "p99", alignment: .decimal, importance: 75),
        ])
        table.rows = courses.map { name, unit, course in
            // The high percentiles of a speed are those of the luckiest streams.
            let high = name == "speed" ? ["", ""] : [course.p90, course.p99].map { text($0, of: course) }
            return ([name, unit, text(course.latest, of: course), text(course.p50, of: course)] + high).map {
                TextTable.Cell($0)
            }
        }
        return withSparklines(courses.map(\.2), header: "last 60 s", table: table)
    }

    private func rows(of targets: [LiveFigures.Target]) -> [String] {
        var table = TextTable(columns: [
            TextTable.Column(header: "", alignment: .left),
            TextTable.Column(header: "done", alignment: .right, importance: 90),
            TextTable.Column(header: "failed", alignment: .right, importance: 80, emphasis: .bad),
            TextTable.Column(header: "TTFT now", alignment: .decimal, importance: 50),
            TextTable.Column(header: "TTFT p50", alignment: .decimal, emphasis: .strong),
            TextTable.Column(header: "p90", alignment: .decimal, importance: 60),
            TextTable.Column(header: "gap p50", alignment: .decimal, importance: 70),
            TextTable.Column(header: "tok/s p50", alignment: .decimal, importance: 75),
        ])
        let names = painter.names(targets.map(\.name), width: 24)
        table.rows = zip(names, targets).map { name, target in
            let first = target.timeToFirstToken
            let failed = target.ended - target.complete
            return [
                name, "\(target.ended)", failed == 0 ? "" : "\(failed)", text(first.latest, of: first),
                text(first.p50, of: first), text(first.p90, of: first), text(target.gap.p50, of: target.gap),
                text(target.speed.p50, of: target.speed),
            ].map { TextTable.Cell($0) }
        }
        return withSparklines(targets.map(\.timeToFirstToken), header: "TTFT, last 60 s", table: table)
    }

    private func text(_ value: Double?, of course: LiveFigures.Course) -> String {
        if let value { return NumberFormat.significant(value) }
        return course.latest == nil ? "-" : "n/a"
    }

    /// Puts what the latest minute looked like behind the rows, where there is room.
    private func withSparklines(_ courses: [LiveFigures.Course], header: String, table: TextTable) -> [String] {
        let width = screen.options.width - 1
        let used = table.fullWidth
        let room = width - used - 3
        let sparklines = courses.compactMap {
            Sparkline($0.seconds, room: room, hasUnicode: painter.hasUnicode)
        }
        var table = table
        if sparklines.count == courses.count, (sparklines.first?.width ?? 0) >= PrintableText.width(header) {
            table.columns.append(TextTable.Column(header: header, alignment: .left))
            for (index, sparkline) in sparklines.enumerated() {
                table.rows[index].append(TextTable.Cell(sparkline.text))
            }
        }
        return table.lines(width: width, painter: painter)
    }
}
