/// A value that stands for several equal ones.
package struct WeightedValue: Sendable, Equatable {
    package var value: Double
    /// How many equal values it stands for; 0 or more.
    package var weight: Int

    package init(value: Double, weight: Int) {
        self.value = value
        self.weight = weight
    }
}

/// A multiset of values in ascending order, each stored once with its weight.
package struct WeightedSample: Sendable, Equatable {
    package let points: [WeightedValue]
    /// The number of values that the points stand for up to and with each of them.
    private let cumulativeWeights: [Int]

    package init(_ points: [WeightedValue]) {
        self.points = points.filter { $0.weight > 0 }.sorted { $0.value < $1.value }
        var total = 0
        cumulativeWeights = self.points.map { point in
            total += point.weight
            return total
        }
    }

    /// The number of values, counted by weight.
    package var totalWeight: Int { cumulativeWeights.last ?? 0 }

    package var mean: Double? {
        guard totalWeight > 0 else { return nil }
        return points.reduce(0) { $0 + $1.value * Double($1.weight) } / Double(totalWeight)
    }

    /// Estimates a quantile of the expanded multiset as type 7 of Hyndman and Fan (1996); nil without values.
    package func quantile(_ probability: Double) -> Double? {
        guard let last = points.last else { return nil }
        let position = Double(totalWeight - 1) * probability
        let rank = Int(position)
        guard rank + 1 < totalWeight else { return last.value }
        let lower = value(atRank: rank)
        return lower + (value(atRank: rank + 1) - lower) * (position - Double(rank))
    }

    /// The value at a rank of the expanded multiset, counted from 0.
    private func value(atRank rank: Int) -> Double {
        var low = 0
        var high = points.count - 1
        while low < high {
            let middle = (low + high) / 2
            if cumulativeWeights[middle] > rank { high = middle } else { low = middle + 1 }
        }
        return points[low].value
    }
}
