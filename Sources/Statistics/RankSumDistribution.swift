import Synchronization

/// The distribution of a sum of ranks, each of which a fair coin leaves in or out.
///
/// Exact, by dynamic programming over the ranks: a rank moves half of the probability of every sum up by itself. It is
/// symmetric around half of the total, so half of the table is enough.
struct RankSumDistribution: Sendable {
    private let total: Int
    /// The probability of at most each sum, from 0 to half of the total.
    private let cumulative: [Double]

    /// Computes the distribution; the ranks are positive.
    init(ranks: [Int]) {
        total = ranks.reduce(0, +)
        let half = total / 2
        var table = [Double](repeating: 0, count: half + 1)
        var next = table
        table[0] = 1
        var reached = 0
        // The smallest first: sums that cannot occur yet cost nothing.
        for rank in ranks.sorted() {
            let end = min(half, reached + rank)
            table.withUnsafeBufferPointer { table in
                next.withUnsafeMutableBufferPointer { next in
                    for sum in 0..<min(rank, end + 1) { next[sum] = table[sum] * 0.5 }
                    guard rank <= end else { return }
                    for sum in rank...end { next[sum] = (table[sum] + table[sum - rank]) * 0.5 }
                }
            }
            swap(&table, &next)
            reached = end
        }
        var sum = 0.0
        for index in table.indices {
            sum += table[index]
            table[index] = sum
        }
        cumulative = table
    }

    /// The probability of at most this sum.
    func lowerTail(_ sum: Int) -> Double {
        if sum < 0 { return 0 }
        if sum >= total { return 1 }
        return sum < cumulative.count ? cumulative[sum] : 1 - lowerTail(total - sum - 1)
    }

    /// The probability of at least this sum.
    func upperTail(_ sum: Int) -> Double { lowerTail(total - sum) }

    /// The largest sum that is still in a lower tail of the given probability; nil where not even 0 is.
    func lowerCriticalSum(tail: Double) -> Int? {
        var low = 0
        var high = cumulative.count
        while low < high {
            let middle = (low + high) / 2
            if cumulative[middle] <= tail { low = middle + 1 } else { high = middle }
        }
        return low == 0 ? nil : low - 1
    }
}

extension RankSumDistribution {
    /// The distributions of the ranks 1 to n, by n: all figures of one comparison share one, and so do repeated ones.
    private static let untied = Mutex<[Int: RankSumDistribution]>([:])
    private static let cacheLimit = 8

    /// The distribution of the ranks from 1 to `count`.
    static func untied(count: Int) -> RankSumDistribution {
        if let known = untied.withLock({ $0[count] }) { return known }
        let distribution = RankSumDistribution(ranks: Array(1...max(1, count)))
        untied.withLock {
            if $0.count >= cacheLimit { $0.removeAll() }
            $0[count] = distribution
        }
        return distribution
    }
}
