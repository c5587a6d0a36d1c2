import Timeline

/// What one target did at several loads, one run each.
package struct LoadCurve: Sendable, Equatable {
    package enum Axis: String, Sendable {
        case concurrency
        /// Requests per second that were offered.
        case rate
    }

    package struct Point: Sendable, Equatable {
        package var load: Double
        /// The position of its run among all runs.
        package var run: Int
        package var summary: TargetSummary

        package init(load: Double, run: Int, summary: TargetSummary) {
            self.load = load
            self.run = run
            self.summary = summary
        }
    }

    /// The target's name.
    package var name: String
    package var axis: Axis
    /// By rising load.
    package var points: [Point]

    package init(name: String, axis: Axis, points: [Point]) {
        self.name = name
        self.axis = axis
        self.points = points
    }

    /// The point with the greatest power, which is throughput over latency (Kleinrock 1979): the knee of the curve.
    ///
    /// Below it more load is nearly free, beyond it latency grows faster than throughput. Nil for fewer than three loads,
    /// and where the greatest is at either end, for then the loads do not enclose it.
    package var knee: Int? {
        let powers = points.map { point -> Double? in
            guard let throughput = point.summary[metric: "request_throughput"]?[.value]?.value,
                let latency = point.summary[metric: "e2e"]?[.p50]?.value, latency > 0
            else { return nil }
            return throughput / latency
        }
        let known = powers.compactMap(\.self)
        guard points.count >= 3, known.count == points.count, let greatest = known.max(),
            let index = known.firstIndex(of: greatest), index > 0, index < points.count - 1
        else { return nil }
        return index
    }

    /// The curves of all targets that were measured at two loads or more.
    package static func curves(of summaries: [RunSummary]) -> [LoadCurve] {
        var curves: [LoadCurve] = []
        for (index, summary) in summaries.enumerated() {
            let (axis, load): (Axis, Double) =
                switch summary.run.load {
                case .closed(let concurrency): (.concurrency, Double(concurrency))
                case .open(let rate, _): (.rate, rate)
                }
            for target in summary.targets {
                let point = Point(load: load, run: index, summary: target)
                let place = curves.firstIndex { $0.name == target.target.name && $0.axis == axis }
                if let place {
                    curves[place].points.append(point)
                } else {
                    curves.append(LoadCurve(name: target.target.name, axis: axis, points: [point]))
                }
            }
        }
        return curves.filter { Set($0.points.map(\.load)).count > 1 }.map { curve in
            var curve = curve
            curve.points.sort { ($0.load, $0.run) < ($1.load, $1.run) }
            return curve
        }
    }
}
