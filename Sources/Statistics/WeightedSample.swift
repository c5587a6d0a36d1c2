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
    private let values: [Double]
    /// The weight that all values share, as where each gap ends with one token; 0 where they differ.
    private let sharedWeight: Int
    /// Where weights differ, the number of values that stand up to and with each of them; else empty.
    private let cumulativeWeights: [Int]

    package init(_ points: [WeightedValue]) {
        var pool = ValuePool(capacity: points.count)
        pool.add(points)
        pool.sort()
        self.init(pool)
    }

    /// Takes over values that are sorted.
    init(_ pool: ValuePool) {
        values = pool.values
        sharedWeight = pool.sharedWeight
        var total = 0
        cumulativeWeights = pool.weights.map { weight in
            total += Int(weight)
            return total
        }
    }

    /// The values in ascending order, each with its weight.
    package var points: some RandomAccessCollection<WeightedValue> {
        values.indices.lazy.map { WeightedValue(value: values[$0], weight: weight(of: $0)) }
    }

    package var least: Double? { values.first }

    package var greatest: Double? { values.last }

    /// The number of values, counted by weight.
    package var totalWeight: Int { sharedWeight > 0 ? values.count * sharedWeight : cumulativeWeights.last ?? 0 }

    package var mean: Double? {
        guard totalWeight > 0 else { return nil }
        return values.indices.reduce(0) { $0 + values[$1] * Double(weight(of: $1)) } / Double(totalWeight)
    }

    private func weight(of index: Int) -> Int {
        guard sharedWeight == 0 else { return sharedWeight }
        return cumulativeWeights[index] - (index > 0 ? cumulativeWeights[index - 1] : 0)
    }

    /// Estimates a quantile of the expanded multiset as type 7 of Hyndman and Fan (1996); nil without values.
    package func quantile(_ probability: Double) -> Double? {
        guard let last = values.last else { return nil }
        let position = Double(totalWeight - 1) * probability
        let rank = Int(position)
        guard rank + 1 < totalWeight else { return last }
        let lower = value(atRank: rank)
        return lower + (value(atRank: rank + 1) - lower) * (position - Double(rank))
    }

    /// The value at a rank of the expanded multiset, counted from 0.
    private func value(atRank rank: Int) -> Double {
        guard sharedWeight == 0 else { return values[rank / sharedWeight] }
        var low = 0
        var high = values.count - 1
        while low < high {
            let middle = (low + high) / 2
            if cumulativeWeights[middle] > rank { high = middle } else { low = middle + 1 }
        }
        return values[low]
    }
}
