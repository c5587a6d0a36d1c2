import Metrics
import Timeline

/// What the instrument says of its own error; every bound is rounded up.
extension Phrases {
    /// Figures of which the closing line says by how much they could be off, the first first.
    private static let judgedFigures: [(metric: String, statistic: Statistic)] = [
        ("ttft", .p50), ("itl", .p99),
    ]

    /// `do not trust itl.p99: ...` and what to do; nil where every figure can be trusted.
    func distrust(_ run: RunDescription, _ targets: [TargetSummary], naming limit: Int? = nil) -> String? {
        let limited = limitedFigures(targets, naming: limit)
        guard !limited.isEmpty else { return nil }
        // Who is told not to trust figures is told at once that the kernel's stamps were missing.
        let source = run.clockSource == .read ? "stamps taken when read: " : ""
        return "\(source)do not trust \(limited): more than 2 % may be this machine's; "
            + "\(threadAdvice(run))ask for fewer streams, or free the machine"
    }

    /// `use --threads 2, `, where the measuring threads had hardly a moment's rest and a core is left for one more.
    private func threadAdvice(_ run: RunDescription) -> String {
        let count = run.measuringThreads.count
        guard run.measuringThreads.contains(where: { $0.share > 0.8 }), count + 1 < run.host.cores else { return "" }
        return "use --threads \(count + 1), "
    }

    /// `TTFT p50 to 51 µs, ITL p99 to 140 µs`, `kernel stamps late ≤ 21 µs p99, 140 µs max`, the first first.
    func measurementError(_ run: RunDescription, _ targets: [TargetSummary]) -> [String] {
        if let source = run.importedFrom {
            return ["not known: \(painter.clean(source.tool)) measured this run, and says nothing of its own error"]
        }
        var parts: [String] = []
        let offsets = Self.judgedFigures.compactMap { offset(of: $0.metric, $0.statistic, targets) }
            .map { "\($0.figure) to \($0.most)" }
        // What a narrow line has room for says by which stamps: those of the kernel, where it does not say.
        let isRead = run.clockSource == .read && !offsets.isEmpty
        let source = isRead ? "stamps taken when read: " : ""
        if !offsets.isEmpty { parts.append(source + offsets.joined(separator: ", ")) }
        let bounds = targets.compactMap(\.error.lateBound)
        if let p99 = bounds.map(\.p99).max(), let most = bounds.map(\.max).max() {
            parts.append(
                "\(isRead ? "arrivals" : clock(run)) late \(painter.atMost) \(time(p99)) p99, \(time(most)) max")
        } else if !isRead {
            parts.append(clock(run))
        }
        return parts
    }

    /// The instrument's own error in sentences, for a page that tells that of single tokens elsewhere.
    func accuracy(_ run: RunDescription, _ targets: [TargetSummary]) -> String {
        if run.importedFrom != nil {
            return "The error of the tool that measured is \(measurementError(run, targets).joined())."
        }
        let offsets = Self.judgedFigures.compactMap { figure in
            offset(of: figure.metric, figure.statistic, targets)
        }
        var sentences: [String] = []
        if !offsets.isEmpty {
            let list = offsets.map { "\($0.figure) by \($0.most)" }.joined(separator: ", ")
            sentences.append("The instrument itself may have put a figure off, but no further than \(list).")
        }
        return sentences.joined(separator: " ")
    }

    /// `sent ≤ 80 µs late at p99`: how far the generator was behind its plan.
    func queueDelay(_ targets: [TargetSummary]) -> String? {
        targets.compactMap { $0.error.queueDelay?.p99 }.max().map { "sent \(painter.atMost) \(time($0)) late at p99" }
    }

    /// The first figures that the instrument could have changed by more than 2 %, each with its target where there are
    /// several; empty where there are none.
    ///
    /// Without a limit, those that only the full table prints too.
    func limitedFigures(_ targets: [TargetSummary], naming limit: Int? = nil) -> String {
        let names = painter.names(targets.map(\.target.name), width: 60)
        let figures = zip(targets, names).flatMap { target, targetName in
            (target.error.limitedFigures + (limit == nil ? target.error.furtherLimitedFigures : [])).map { figure in
                let name = painter.clean(figure, width: 30)
                return targets.count > 1 ? "\(name) of \(targetName)" : name
            }
        }
        let limit = limit ?? figures.count
        return figures.prefix(limit).joined(separator: ", ")
            + (figures.count > limit ? " and \(figures.count - limit) more (--full)" : "")
    }

    func clock(_ run: RunDescription) -> String {
        if let source = run.importedFrom { return "that of \(painter.clean(source.tool))" }
        switch run.clockSource {
        case .kernel: return "kernel stamps"
        case .read:
            return "stamps taken when read" + (run.clockSourceReason.map { " (\(painter.clean($0, width: 40)))" } ?? "")
        }
    }

    func time(_ milliseconds: Double) -> String {
        NumberFormat.bound(milliseconds: milliseconds, micro: painter.micro)
    }

    /// The most by which a figure can be off in any target, to either side.
    private func offset(
        of name: String, _ statistic: Statistic, _ targets: [TargetSummary]
    ) -> (figure: String, most: String)? {
        let metrics = targets.compactMap { $0[metric: name] }
        let offsets = metrics.compactMap { metric -> Double? in
            guard let estimate = metric[statistic], let value = estimate.value, let range = estimate.measurementRange
            else { return nil }
            return max(value - range.lowerBound, range.upperBound - value)
        }
        guard let title = metrics.first?.metric.title, let most = offsets.max() else { return nil }
        return ("\(title) \(statistic.rawValue)", time(most))
    }
}
