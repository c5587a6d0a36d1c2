/// Finds the values at a few ranks of values in any order, in linear time and without sorting them.
///
/// By the digits of the numbers' bits, from the highest on: a digit's classes are counted, and only those that hold a rank
/// are looked at further. Figures over millions of gaps need a dozen ranks of them, and sorting takes several times as long.
struct RankSelection {
    private static let digitBits: UInt64 = 16
    private static let highestDigit: UInt64 = 3
    /// So few values are sorted rather than counted: clearing the counters of all classes takes as long.
    private static let fewValues = 8192

    /// The ranks to find, upwards, counted from 0 through the expanded multiset.
    private let ranks: [Int]
    private(set) var found: [Double] = []

    /// Finds the values at ranks, which rise and lie in the multiset; where there are no weights, each is 1.
    ///
    /// NaN is not allowed.
    init(ranks: [Int], values: [Double], weights: [UInt32]) {
        self.ranks = ranks
        found.reserveCapacity(ranks.count)
        find(ranks[...], in: Members(values: values, weights: weights), before: 0, digit: Self.highestDigit)
    }

    /// Values that agree in all digits above one, with their weights or none.
    private struct Members {
        var values: [Double] = []
        var weights: [UInt32] = []

        func weight(at index: Int) -> Int { weights.isEmpty ? 1 : Int(weights[index]) }
    }

    /// The members and the weight of each class of a digit.
    private struct Classes {
        var counts = [Int](repeating: 0, count: 1 << Int(digitBits))
        var weights = [Int](repeating: 0, count: 1 << Int(digitBits))
    }

    private static func digit(_ digit: UInt64, of value: Double) -> Int {
        Int(truncatingIfNeeded: RadixSort.key(of: value.bitPattern) >> (digit * digitBits)) & (1 << Int(digitBits) - 1)
    }

    /// Finds the values at ranks that lie among the members, before which stand others of a weight.
    private mutating func find(_ ranks: ArraySlice<Int>, in members: Members, before: Int, digit: UInt64) {
        guard members.values.count > Self.fewValues else { return findAmongFew(ranks, in: members, before: before) }
        let classes = Self.classes(of: members, digit: digit)
        let wanted = Self.wanted(ranks, classes: classes.weights, before: before)
        // Members that are all of one class need not be taken out, and at the last digit they are equal.
        let isOneClass = wanted.count == 1 && classes.counts[wanted[0].number] == members.values.count
        let parts = isOneClass ? [members] : Self.take(wanted.map(\.number), of: members, counts: classes.counts, digit)
        for (part, members) in zip(wanted, parts) {
            if digit == 0 {
                found.append(contentsOf: part.ranks.map { _ in members.values[0] })
            } else {
                find(part.ranks, in: members, before: part.before, digit: digit - 1)
            }
        }
    }

    private mutating func findAmongFew(_ ranks: ArraySlice<Int>, in members: Members, before: Int) {
        let order = members.values.indices.sorted { members.values[$0] < members.values[$1] }
        var place = 0
        var after = before + members.weight(at: order[0])
        for rank in ranks {
            while after <= rank {
                place += 1
                after += members.weight(at: order[place])
            }
            found.append(members.values[order[place]])
        }
    }

    private static func classes(of members: Members, digit: UInt64) -> Classes {
        var classes = Classes()
        classes.counts.withUnsafeMutableBufferPointer { counts in
            for value in members.values { counts[Self.digit(digit, of: value)] += 1 }
        }
        guard !members.weights.isEmpty else {
            classes.weights = classes.counts
            return classes
        }
        classes.weights.withUnsafeMutableBufferPointer { weights in
            for (value, weight) in zip(members.values, members.weights) {
                weights[Self.digit(digit, of: value)] += Int(weight)
            }
        }
        return classes
    }

    /// A class that holds ranks, and the weight of all that stands before it.
    private struct Wanted {
        var number: Int
        var ranks: ArraySlice<Int>
        var before: Int
    }

    private static func wanted(_ ranks: ArraySlice<Int>, classes: [Int], before: Int) -> [Wanted] {
        var (rest, before) = (ranks, before)
        var wanted: [Wanted] = []
        for (number, weight) in classes.enumerated() where weight > 0 {
            let inside = rest.prefix { $0 < before + weight }
            if !inside.isEmpty { wanted.append(Wanted(number: number, ranks: inside, before: before)) }
            rest = rest.dropFirst(inside.count)
            before += weight
        }
        return wanted
    }

    /// The members of each of the numbered classes.
    private static func take(_ numbers: [Int], of members: Members, counts: [Int], _ digit: UInt64) -> [Members] {
        var parts = numbers.map { number in
            var part = Members()
            part.values.reserveCapacity(counts[number])
            if !members.weights.isEmpty { part.weights.reserveCapacity(counts[number]) }
            return part
        }
        var places = [Int](repeating: -1, count: counts.count)
        for (place, number) in numbers.enumerated() { places[number] = place }
        for (index, value) in members.values.enumerated() {
            let place = places[Self.digit(digit, of: value)]
            guard place >= 0 else { continue }
            parts[place].values.append(value)
            if !members.weights.isEmpty { parts[place].weights.append(members.weights[index]) }
        }
        return parts
    }
}
