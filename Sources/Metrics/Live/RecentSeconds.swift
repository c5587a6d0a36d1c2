/// What ended in each of the latest seconds of a run, in a ring.
struct RecentSeconds: Sendable {
    struct Amount: Sendable {
        var requests = 0.0
        var good = 0.0
        var tokens = 0.0

        init() {}

        init(requests: Int, good: Int, tokens: Int) {
            (self.requests, self.good, self.tokens) = (Double(requests), Double(good), Double(tokens))
        }

        static func + (left: Amount, right: Amount) -> Amount {
            var sum = left
            sum.requests += right.requests
            sum.good += right.good
            sum.tokens += right.tokens
            return sum
        }
    }

    /// Rates are means over so many seconds.
    private static let span = 10

    private var slots = SecondRing<Amount>(count: 16)

    mutating func add(_ amount: Amount, at second: Int) { slots.change(at: second) { $0 = ($0 ?? Amount()) + amount } }

    /// The amounts a second, over the last whole seconds; nil where none is over since the first one.
    func rates(before second: Int, from first: Int) -> Amount? {
        let start = max(first, second - Self.span)
        guard start < second else { return nil }
        var sum = Amount()
        for one in start..<second { sum = sum + (slots[one] ?? Amount()) }
        let length = Double(second - start)
        sum.requests /= length
        sum.good /= length
        sum.tokens /= length
        return sum
    }
}

/// The means of what ended in each of the last 60 seconds of a run.
struct RecentMeans: Sendable {
    private static let span = 60

    private var slots = SecondRing<(sum: Double, count: Int)>(count: 64)

    mutating func add(_ value: Double, at second: Int) {
        slots.change(at: second) { $0 = (($0?.sum ?? 0) + value, ($0?.count ?? 0) + 1) }
    }

    /// The means of the last seconds, this one included, the oldest first.
    func values(until second: Int) -> [Double?] {
        (second - Self.span + 1...second).map { slots[$0].map { $0.sum / Double($0.count) } }
    }
}

/// One value for each of the latest seconds; a second takes the place of one that is long over.
struct SecondRing<Value: Sendable>: Sendable {
    private var slots: [(second: Int, value: Value)?]

    init(count: Int) { slots = Array(repeating: nil, count: count) }

    subscript(second: Int) -> Value? {
        guard second >= 0, let slot = slots[second % slots.count], slot.second == second else { return nil }
        return slot.value
    }

    /// Changes the value of a second, unless a later one has its place.
    mutating func change(at second: Int, _ body: (inout Value?) -> Void) {
        guard second >= 0 else { return }
        let index = second % slots.count
        if let slot = slots[index], slot.second > second { return }
        var value = self[second]
        body(&value)
        slots[index] = value.map { (second, $0) }
    }
}
