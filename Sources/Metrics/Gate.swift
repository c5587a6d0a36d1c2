import Statistics
package import Timeline

/// The verdict on a change, from pairs of requests that chance put in order.
///
/// Each look at the pairs spends its share of the error that was fixed beforehand, and nothing is looked at in between:
/// otherwise whoever looks often enough finds a regression.
package struct Gate: Sendable, Equatable {
    package let design: PairedDesign
    /// In the order of the design; success comes last.
    package let figures: [GatedFigure]
    /// The pairs that were judged.
    package let pairs: Int
    /// Whether the measurement ended before the pairs of the next look were there.
    package let ranOut: Bool
    /// The pairs that were measured; those behind the last look that was reached are not judged.
    package let measuredPairs: Int

    /// Judges pairs at one look; what ran out never passes.
    package init(_ sample: PairedSample, design: PairedDesign, ranOut: Bool = false, measuredPairs: Int? = nil) {
        let figures = sample.values.map { GatedFigure($0, design: design) }
        self.init(
            figures: figures + [GatedFigure(success: sample, design: design)], pairs: sample.pairs, design: design,
            ranOut: ranOut, measuredPairs: measuredPairs)
    }

    /// Judges figures as a family; short of the first look none of them regresses.
    package init(
        figures: [GatedFigure], pairs: Int, design: PairedDesign, ranOut: Bool = false, measuredPairs: Int? = nil
    ) {
        self.design = design
        self.ranOut = ranOut
        self.pairs = pairs
        self.measuredPairs = measuredPairs ?? pairs
        let isShort = ranOut && !design.looks.contains { $0 <= pairs }
        var figures = figures
        for (index, adjusted) in Holm.adjusted(figures.map(\.pValue)).enumerated() {
            figures[index].pValue = adjusted
            if isShort {
                figures[index].verdict = .inconclusive
            } else if adjusted <= design.errorRatePerLook {
                figures[index].verdict = .regressed
            } else if ranOut, figures[index].verdict == .passed {
                figures[index].verdict = .inconclusive
            }
        }
        self.figures = figures
    }

    /// Regressed where one figure is; passed where all have.
    package var verdict: GateVerdict {
        if figures.contains(where: { $0.verdict == .regressed }) { return .regressed }
        return figures.allSatisfy { $0.verdict == .passed } ? .passed : .inconclusive
    }

    /// The planned looks that were taken.
    package var looked: [Int] { design.looks.filter { $0 <= pairs } }

    /// Goes through the looks as they were planned; nil where the next one needs more pairs and they may still come.
    ///
    /// Pairs behind the last look that was reached are not looked at: an end that somebody chose is no planned look.
    ///
    /// A run that is judged again goes through the same looks, so its verdict is that of the day.
    package static func judged(_ pairs: [AttemptPair], design: PairedDesign, isOver: Bool) -> Gate? {
        let metrics = design.metrics.compactMap(MetricCatalogue.named)
        func sample(_ pairs: ArraySlice<AttemptPair>) -> PairedSample {
            PairedSample(pairs, metrics: metrics, requestsPerBlock: design.requestsPerBlock)
        }
        var latest: Gate?
        for look in design.looks {
            guard pairs.count >= look else {
                guard isOver else { return nil }
                return Gate(
                    sample(pairs.prefix(latest?.pairs ?? pairs.count)), design: design, ranOut: true,
                    measuredPairs: pairs.count)
            }
            let gate = Gate(sample(pairs.prefix(look)), design: design)
            if gate.verdict != .inconclusive { return gate }
            latest = gate
        }
        return latest
    }

    /// The pairs that would find twice the margin four times in five, where these do not; nil where nothing tells.
    package var pairsNeeded: Int? {
        let needed = figures.compactMap { figure -> Double? in
            guard figure.verdict == .inconclusive, let detectable = figure.detectable else { return nil }
            let excess = abs(detectable) - figure.margin
            // A standard error falls with the root of the number of pairs.
            return Double(figure.pairs) * max(1, excess / figure.margin * (excess / figure.margin))
        }
        let step = design.requestsPerBlock > 1 ? 4.0 : 50.0
        return needed.max().map { Int(($0 / step).rounded(.up) * step) }
    }
}

extension MetricCatalogue {
    /// The metrics that pairs of requests can be judged by: times and speeds with one value a request, never 0.
    package static let gateNames: [String] =
        requestLimitNames.filter { name in
            switch named(name)?.unit {
            case .milliseconds, .millisecondsPerToken, .tokensPerSecond: !zeroIsUsual.contains(name)
            default: false
            }
        }

    private static let zeroIsUsual: Set<String> = [
        "queue_delay", "think", "dns", "connect", "tls", "stall_time", "smooth_delay", "reader_gain", "ttft_residual",
        "e2e_residual", "headers_residual",
    ]
}

extension RunSummary {
    /// The medians of a design that the instrument may have changed by more than 2 %, with their targets.
    package func figuresInDoubt(of design: PairedDesign) -> [String] {
        let judged = Set(design.metrics.map { "\($0).p50" })
        return targets.flatMap { target in
            (target.error.limitedFigures + target.error.furtherLimitedFigures).filter(judged.contains)
                .map { "\(target.target.name) \($0)" }
        }
    }
}
