/// A multiset of values in any order, each with its weight, of which a few figures are wanted: they cost much less than
/// those of a `WeightedSample`, whose values are in order.
///
/// Its mean adds the values in their own order, and so may differ from the other's in its last bits.
package struct UnsortedSample: Sendable {
    private let pool: ValuePool

    package init(_ values: [Double]) { pool = ValuePool(values) }

    /// Takes the values of so many groups, one group after the other, so that they are never all held as they come.
    ///
    /// The capacity is a guess at the number of values; memory is best used where it is theirs or a little more.
    package init(groupCount: Int, capacity: Int = 0, group: (Int) -> [WeightedValue]) {
        var pool = ValuePool(capacity: capacity)
        for index in 0..<groupCount { pool.add(group(index)) }
        self.pool = pool
    }

    package var least: Double? { pool.values.min() }

    package var greatest: Double? { pool.values.max() }

    /// The mean by weight; nil without values.
    package var mean: Double? {
        guard pool.totalWeight > 0 else { return nil }
        let sum = pool.values.indices.reduce(0) { $0 + pool.values[$1] * Double(pool.weight(at: $1)) }
        return sum / Double(pool.totalWeight)
    }

    /// Estimates quantiles of the expanded multiset as type 7 of Hyndman and Fan (1996); empty without values.
    package func quantiles(_ probabilities: [Double]) -> [Double] {
        let total = pool.totalWeight
        guard total > 0 else { return [] }
        let positions = probabilities.map { Double(total - 1) * $0 }
        // The rank after the last is never needed: a position there has no fraction.
        let pairs = positions.map { [Int($0), min(Int($0) + 1, total - 1)] }
        let ranks = Set(pairs.flatMap(\.self)).sorted()
        let values = pool.values(atRanks: ranks)
        let byRank = Dictionary(uniqueKeysWithValues: zip(ranks, values))
        return zip(positions, pairs).map { position, pair in
            guard let lower = byRank[pair[0]], let upper = byRank[pair[1]] else { return .nan }
            return lower + (upper - lower) * (position - Double(pair[0]))
        }
    }
}

extension ValuePool {
    /// The values at ranks of the expanded multiset, which rise and lie in it.
    fileprivate func values(atRanks ranks: [Int]) -> [Double] {
        guard sharedWeight > 0 else { return RankSelection(ranks: ranks, values: values, weights: weights).found }
        let places = ranks.map { $0 / sharedWeight }
        return RankSelection(ranks: places, values: values, weights: []).found
    }
}
