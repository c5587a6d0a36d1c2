import Metrics
import Timeline

extension Phrases {
    /// What a server's own metrics say of the time after cancellations; empty where none was asked.
    func server(_ summary: RunSummary) -> [String] {
        guard let server = summary.server else { return [] }
        var parts: [String] = []
        let name = painter.clean(server.plan.gauges.first ?? "", width: 32)
        if let base = server.base, let most = server.most {
            parts.append("\(name) \(NumberFormat.trimmed(base)) to \(NumberFormat.trimmed(most))")
        }
        parts += releases(server)
        let pace = server.pace.map { ", one each \(NumberFormat.significant($0)) ms" } ?? ""
        parts.append("\(server.answers) answers\(pace)")
        if server.failures > 0 {
            let reason = server.failure.map { " (\(painter.clean($0, width: 40)))" } ?? ""
            parts.append("\(server.failures) without\(reason)")
        }
        if !server.missing.isEmpty {
            parts.append("no answer has \(server.missing.map { painter.clean($0, width: 40) }.joined(separator: ", "))")
        }
        return parts
    }

    private func releases(_ server: ServerActivity) -> [String] {
        guard let last = server.releases.last else { return [] }
        let hidden = server.releases.count { !$0.wasShown }
        let unseen = server.releases.count { $0.wasShown && $0.freeAfter == nil }
        var parts: [String] = []
        if let typical = server.typicalRelease {
            let count = server.releases.count - unseen - hidden
            let overlapping = server.releases.count { $0.freeAfter != nil && $0.hasOverlap }
            let overlap = overlapping == count ? ", all overlapping" : ", \(overlapping) overlapping"
            parts.append(
                "free \(range(typical)) after a cancellation (median of \(count)\(overlapping > 0 ? overlap : ""))")
        }
        if let end = last.freeAfter { parts.append("above its base for \(range(end)) after the last one") }
        if unseen > 0 { parts.append("\(unseen) not seen to get free") }
        if hidden > 0 {
            parts.append(
                "did not count \(hidden) of \(server.releases.count) cancelled requests: name the gauge of requests under "
                    + "way")
        }
        let tokens = server.releases.compactMap(\.tokens)
        if let most = tokens.map(\.upperBound).max() {
            let least = mean(of: tokens.map(\.lowerBound))
            let greatest = mean(of: tokens.map(\.upperBound))
            parts.append(
                "\(least) to \(greatest) tokens made after it (mean of \(tokens.count)), "
                    + "\(NumberFormat.trimmed(most)) at most")
        }
        return parts
    }

    private func mean(of counts: [Double]) -> String {
        let mean = counts.reduce(0, +) / Double(counts.count)
        return NumberFormat.trimmed((mean * 10).rounded() / 10)
    }

    /// An interval of time whose ends are instants of questions and answers.
    private func range(_ range: ClosedRange<Double>) -> String {
        let bounds = [range.lowerBound, range.upperBound].map { NumberFormat.significant($0) }
        return "\(bounds[0]) to \(bounds[1]) ms"
    }
}
