import Timeline

/// What a target's answers cost by its price; the warm-up is paid for, too.
package struct CostSummary: Sendable, Equatable {
    /// Of all attempts whose tokens are known, the warm-up's and those that failed among them; nil where of none they are.
    package var total: Double?
    /// Of a thousand good answers, paid with all measured attempts: those that met every limit of the run, or without
    /// limits those that are complete; nil where no answer is good, or some attempt's cost is unknown.
    package var perThousandGood: Double?
    /// Attempts whose cost rests on a count that is not the server's, or that broke off.
    package var estimated: Int
    /// Attempts of which nobody counted the tokens: what they cost is not in the total.
    package var unknown: Int
}

/// Adds up what attempts cost.
struct CostTally: Sendable {
    private var sum = 0.0
    private var known = 0
    private(set) var estimated = 0
    private(set) var unknown = 0

    /// Nil where attempts ended and of none the cost is known.
    var total: Double? { known == 0 && unknown > 0 ? nil : sum }

    /// Adds what an attempt cost; nil where that is unknown.
    mutating func add(_ cost: RequestCost?) {
        guard let cost else { return unknown += 1 }
        sum += cost.amount
        known += 1
        if !cost.isTold { estimated += 1 }
    }
}

extension TargetSample {
    /// Nil where the target has no price.
    var cost: CostSummary? {
        guard target.price != nil else { return nil }
        var whole = warmupCost
        var measuredCost = CostTally()
        for attempt in measured + cancelled {
            whole.add(attempt.cost)
            measuredCost.add(attempt.cost)
        }
        let good = run.objectives.isEmpty ? complete.count : measured.count { $0.meetsObjectives == true }
        let isKnown = good > 0 && measuredCost.unknown == 0
        return CostSummary(
            total: whole.total, perThousandGood: isKnown ? measuredCost.total.map { $0 / Double(good) * 1000 } : nil,
            estimated: whole.estimated, unknown: whole.unknown)
    }
}
