extension [Double] {
    /// Sorts upwards in linear time: figures over millions of gaps spend most of theirs on sorting.
    mutating func sortByDigits() {
        var none: [Int] = []
        sortByDigits(carrying: &none)
    }

    /// Sorts upwards and keeps each companion with its number; there are as many companions, or none.
    ///
    /// By the digits of the numbers' bits, from the lowest on (Knuth, The Art of Computer Programming 3, 5.2.5). NaN is
    /// not allowed. Takes as much memory again while it runs.
    mutating func sortByDigits(carrying companions: inout [Int]) {
        // The passes over all digits cost a small sample more than comparing.
        guard count > 256 || !companions.isEmpty else { return sort() }
        var radixSort = RadixSort(keys: map { RadixSort.key(of: $0) }, companions: companions)
        radixSort.run()
        for index in indices { self[index] = RadixSort.value(of: radixSort.keys[index]) }
        companions = radixSort.companions
    }
}

private struct RadixSort {
    private static let digitBits = 11
    private static let signBit: UInt64 = 1 << 63

    var keys: [UInt64]
    var companions: [Int]

    /// Bits that rise with the number: the sign inverted, and all bits of negative numbers.
    static func key(of value: Double) -> UInt64 {
        let bits = value.bitPattern
        return bits & signBit == 0 ? bits | signBit : ~bits
    }

    static func value(of key: UInt64) -> Double {
        Double(bitPattern: key & signBit == 0 ? ~key : key & ~signBit)
    }

    mutating func run() {
        guard keys.count > 1 else { return }
        var otherKeys = [UInt64](repeating: 0, count: keys.count)
        var otherCompanions = [Int](repeating: 0, count: companions.count)
        for shift in stride(from: 0, to: UInt64.bitWidth, by: Self.digitBits) {
            guard var places = places(ofDigitAt: shift) else { continue }
            distribute(by: shift, &places, &otherKeys, &otherCompanions)
            swap(&keys, &otherKeys)
            swap(&companions, &otherCompanions)
        }
    }

    private static func digit(of key: UInt64, at shift: Int) -> Int { Int(key >> UInt64(shift) & (1 << digitBits - 1)) }

    /// Where the first key with each digit belongs; nil where all keys have the same.
    private func places(ofDigitAt shift: Int) -> [Int]? {
        var places = [Int](repeating: 0, count: 1 << Self.digitBits)
        for key in keys { places[Self.digit(of: key, at: shift)] += 1 }
        guard places[Self.digit(of: keys[0], at: shift)] < keys.count else { return nil }
        var sum = 0
        for digit in places.indices {
            (places[digit], sum) = (sum, sum + places[digit])
        }
        return places
    }

    /// Orders keys by one digit, in the order they have among equals.
    private func distribute(
        by shift: Int, _ places: inout [Int], _ otherKeys: inout [UInt64], _ otherCompanions: inout [Int]
    ) {
        for index in keys.indices {
            let digit = Self.digit(of: keys[index], at: shift)
            let place = places[digit]
            places[digit] = place + 1
            otherKeys[place] = keys[index]
            if !companions.isEmpty { otherCompanions[place] = companions[index] }
        }
    }
}
