import Testing
import Timeline

@testable import Statistics

@Suite("Sorting by digits")
struct RadixSortTests {
    @Test(arguments: [0, 1, 2, 10, 5000])
    func `numbers of any sign and size come in the order that comparing gives them`(count: Int) {
        var generator = SeededGenerator(seed: UInt64(count))
        let special = [0, -0.0, .infinity, -.infinity, .leastNonzeroMagnitude, -.greatestFiniteMagnitude, 1, -1, 1]
        let numbers = (0..<count).map { _ in
            let drawn = Double(bitPattern: UInt64.random(in: .min ... .max, using: &generator))
            return drawn.isNaN ? Double.random(in: -5...5, using: &generator) : drawn
        }
        var sorted = numbers + special
        var places = sorted.indices.map { UInt32($0) }
        var others = places.map { $0 * 2 }
        let unsorted = sorted
        sorted.sortByDigits(carrying: &places, &others)
        #expect(sorted == unsorted.sorted())
        #expect(places.map { unsorted[Int($0)] } == sorted)
        #expect(others == places.map { $0 * 2 })
        #expect(Set(places).count == unsorted.count)
        var alone = unsorted
        alone.sortByDigits()
        #expect(alone == sorted)
    }

    @Test func `equal numbers keep the order of their companions`() {
        var numbers = [2.5, 1, 2.5, 1, 2.5]
        var companions: [UInt32] = [0, 1, 2, 3, 4]
        var none: [UInt32] = []
        numbers.sortByDigits(carrying: &companions, &none)
        #expect(numbers == [1, 1, 2.5, 2.5, 2.5])
        #expect(companions == [1, 3, 0, 2, 4])
    }
}
