extension [Double] {
    /// Sorts upwards in linear time: figures over millions of gaps spend most of theirs on sorting.
    mutating func sortByDigits() {
        var (none, nothing): ([UInt32], [UInt32]) = ([], [])
        sortByDigits(carrying: &none, &nothing)
    }

    /// Sorts upwards and keeps each companion with its number; of either kind there are as many as numbers, or none.
    ///
    /// By the digits of the numbers' bits, from the lowest on (Knuth, The Art of Computer Programming 3, 5.2.5). NaN is
    /// not allowed. Takes as much memory again while it runs.
    mutating func sortByDigits(carrying first: inout [UInt32], _ second: inout [UInt32]) {
        // The passes over all digits cost a small sample more than comparing.
        guard count > 256 || !first.isEmpty || !second.isEmpty else { return sort() }
        let count = count
        withUnsafeMutableBufferPointer { numbers in
            numbers.withMemoryRebound(to: UInt64.self) { keys in
                first.withUnsafeMutableBufferPointer { first in
                    second.withUnsafeMutableBufferPointer { second in
                        RadixSort(count: count, columns: RadixSort.Columns(keys: keys, first: first, second: second))
                            .run()
                    }
                }
            }
        }
    }
}

struct RadixSort {
    /// Keys in one order, and what goes with each; a column without members is left alone.
    struct Columns {
        var keys: UnsafeMutableBufferPointer<UInt64>
        var first: UnsafeMutableBufferPointer<UInt32>
        var second: UnsafeMutableBufferPointer<UInt32>
    }

    private static let digitBits = 11
    private static let digitCount = 6
    private static let signBit: UInt64 = 1 << 63

    let count: Int
    let columns: Columns

    /// Bits that rise with the number: the sign inverted, and all bits of negative numbers.
    static func key(of bits: UInt64) -> UInt64 { bits & signBit == 0 ? bits | signBit : ~bits }

    private static func bits(of key: UInt64) -> UInt64 { key & signBit == 0 ? ~key : key & ~signBit }

    private static func digit(_ digit: Int, of key: UInt64) -> Int {
        Int(truncatingIfNeeded: key >> UInt64(digit * digitBits)) & (1 << digitBits - 1)
    }

    /// Sorts the columns where they stand, with others of the same size to move to and fro.
    func run() {
        for index in 0..<count { columns.keys[index] = Self.key(of: columns.keys[index]) }
        defer { for index in 0..<count { columns.keys[index] = Self.bits(of: columns.keys[index]) } }
        var places = firstPlaces()
        let others = Columns(
            keys: .allocate(capacity: count), first: .allocate(capacity: columns.first.count),
            second: .allocate(capacity: columns.second.count))
        defer {
            others.keys.deallocate()
            others.first.deallocate()
            others.second.deallocate()
        }
        var (source, target) = (columns, others)
        for digit in 0..<Self.digitCount where isTold(apartBy: digit, places) {
            places.withUnsafeMutableBufferPointer { distribute(source, to: target, by: digit, $0) }
            swap(&source, &target)
        }
        guard source.keys.baseAddress != columns.keys.baseAddress else { return }
        _ = columns.keys.update(fromContentsOf: source.keys)
        _ = columns.first.update(fromContentsOf: source.first)
        _ = columns.second.update(fromContentsOf: source.second)
    }

    /// Where the first key with each value of each digit belongs, digit by digit.
    private func firstPlaces() -> [Int] {
        var places = [Int](repeating: 0, count: Self.digitCount << Self.digitBits)
        places.withUnsafeMutableBufferPointer { places in
            for key in columns.keys {
                for digit in 0..<Self.digitCount { places[digit << Self.digitBits + Self.digit(digit, of: key)] += 1 }
            }
            for digit in 0..<Self.digitCount {
                var sum = 0
                for place in digit << Self.digitBits..<(digit + 1) << Self.digitBits {
                    (places[place], sum) = (sum, sum + places[place])
                }
            }
        }
        return places
    }

    /// Whether keys differ in a digit: where all have the same, the first place after it is that of the end.
    private func isTold(apartBy digit: Int, _ places: [Int]) -> Bool {
        guard let key = columns.keys.first else { return false }
        let value = Self.digit(digit, of: key)
        let start = digit << Self.digitBits
        let next = value + 1 < 1 << Self.digitBits ? places[start + value + 1] : count
        return next - places[start + value] < count
    }

    /// Orders keys by one digit, in the order they have among equals.
    private func distribute(
        _ source: Columns, to target: Columns, by digit: Int, _ places: UnsafeMutableBufferPointer<Int>
    ) {
        let start = digit << Self.digitBits
        let (hasFirst, hasSecond) = (!source.first.isEmpty, !source.second.isEmpty)
        for index in 0..<count {
            let key = source.keys[index]
            let counter = start + Self.digit(digit, of: key)
            let place = places[counter]
            places[counter] = place + 1
            target.keys[place] = key
            if hasFirst { target.first[place] = source.first[index] }
            if hasSecond { target.second[place] = source.second[index] }
        }
    }
}
