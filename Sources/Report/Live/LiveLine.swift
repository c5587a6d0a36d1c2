import Metrics
import Timeline

/// A run in one line, for logs: every few seconds another.
package struct LiveLine: Sendable {
    private let state: LiveState

    package init(_ state: LiveState) { self.state = state }

    /// `t=40s sent=320 done=309 failed=3 in_flight=8 ttft_p50=318ms gap_p50=13.8ms req/s=7.9 tok/s=948`, and the name of
    /// each target before its own figures where there are several.
    package var text: String {
        let figures = state.figures
        var parts = ["t=\(Int(figures.elapsed.seconds))s"]
        if let started = figures.started { parts.append("sent=\(started)") }
        parts += ["done=\(figures.ended)", "failed=\(figures.failed)"]
        if let inFlight = figures.inFlight { parts.append("in_flight=\(inFlight)") }
        if !figures.isMeasuring { parts.append("warming_up") }
        let painter = Painter(hasColor: false, hasUnicode: true)
        for target in figures.targets {
            let values: [(String, Double?, String)] = [
                ("ttft_p50", target.timeToFirstToken.p50, "ms"), ("gap_p50", target.gap.p50, "ms"),
                ("req/s", target.requestsPerSecond, ""), ("tok/s", target.tokensPerSecond, ""),
                ("cost", target.cost, ""),
            ]
            let known = values.compactMap { name, value, unit in
                value.map { "\(name)=\(NumberFormat.significant($0))\(unit)" }
            }
            if figures.targets.count > 1, !known.isEmpty { parts.append("\(painter.clean(target.name)):") }
            parts += known
        }
        parts += figures.errors.map { error in
            "\(painter.clean(error.name).split(separator: " ").joined(separator: "/"))=\(error.count)"
        }
        return parts.joined(separator: " ")
    }
}
