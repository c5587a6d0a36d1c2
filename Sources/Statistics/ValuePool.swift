/// Values of many groups on their way to be sorted, with their weights and, where asked for, their groups.
struct ValuePool: Sendable {
    private(set) var values: [Double] = []
    /// The weight that all values share, as where each gap ends with one token; 0 where they differ.
    private(set) var sharedWeight = 0
    /// The weight of each value where they differ; else empty.
    private(set) var weights: [UInt32] = []
    /// The group of each value, where groups are told.
    private(set) var owners: [UInt32] = []

    /// An empty pool, with room for so many values.
    init(capacity: Int) { values.reserveCapacity(capacity) }

    /// A pool of values that count once each.
    init(_ values: [Double]) {
        self.values = values
        sharedWeight = 1
    }

    /// The number of values, counted by weight.
    var totalWeight: Int {
        sharedWeight > 0 ? values.count * sharedWeight : weights.reduce(0) { $0 + Int($1) }
    }

    /// Adds the values of a group that have a weight.
    mutating func add(_ points: [WeightedValue], owner: Int? = nil) {
        for point in points where point.weight > 0 {
            let weight = UInt32(clamping: point.weight)
            if values.isEmpty { sharedWeight = Int(weight) }
            if weight != sharedWeight, sharedWeight > 0 {
                weights = Array(repeating: UInt32(sharedWeight), count: values.count)
                sharedWeight = 0
            }
            values.append(point.value)
            if sharedWeight == 0 { weights.append(weight) }
            if let owner { owners.append(UInt32(owner)) }
        }
    }

    mutating func sort() { values.sortByDigits(carrying: &weights, &owners) }

    func weight(at index: Int) -> Int { sharedWeight > 0 ? sharedWeight : Int(weights[index]) }
}
