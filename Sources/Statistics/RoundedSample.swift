/// A sample that only grows, in bounded memory: each value is counted in a class a thousandth of its size wide.
///
/// Its figures are off by at most 0.05 %, which is enough to watch; what is kept and compared is a `SortedSample`.
package struct RoundedSample: Sendable {
    /// The bits of a value's mantissa that tell classes apart.
    private static let precision: UInt64 = 10
    private static let classesPerOctave = 1 << Int(precision)
    private static let shift = UInt64(Double.significandBitCount) - precision

    /// How often each class occurred, by the binary exponent of its values.
    private var octaves: [Int: [UInt32]] = [:]
    /// Values that have no logarithm.
    private var zeros = 0
    /// The values so far, with their weights.
    package private(set) var count = 0

    package init() {}

    /// Counts a value so many times; one below zero counts as zero.
    package mutating func add(_ value: Double, weight: Int = 1) {
        guard weight > 0, value.isFinite else { return }
        count += weight
        guard value > 0 else { return zeros += weight }
        let key = Int(value.bitPattern >> Self.shift)
        octaves[key / Self.classesPerOctave, default: Array(repeating: 0, count: Self.classesPerOctave)][
            key % Self.classesPerOctave] += UInt32(truncatingIfNeeded: weight)
    }

    /// The quantile of type 7; nil for an empty sample.
    package func quantile(_ probability: Double) -> Double? {
        guard count > 0 else { return nil }
        let position = Double(count - 1) * probability
        let lower = Int(position)
        let values = self.values(at: lower, min(lower + 1, count - 1))
        return values.0 + (values.1 - values.0) * (position - Double(lower))
    }

    /// The values of two ranks, counted from 0, of which the second is not below the first.
    private func values(at first: Int, _ second: Int) -> (Double, Double) {
        var seen = zeros
        var found = first < seen ? 0.0 : nil
        if second < seen { return (0, 0) }
        for octave in octaves.keys.sorted() {
            for (position, number) in (octaves[octave] ?? []).enumerated() where number > 0 {
                seen += Int(number)
                let key = UInt64(octave * Self.classesPerOctave + position)
                let middle = Double(bitPattern: key << Self.shift | 1 << (Self.shift - 1))
                if found == nil, first < seen { found = middle }
                if let found, second < seen { return (found, middle) }
            }
        }
        return (found ?? 0, found ?? 0)
    }
}
