import Foundation
import Testing
import Timeline

@Suite("Instants")
struct InstantTests {
    @Test func `lengths and instants add up in whole nanoseconds`() {
        let start = Instant(nanoseconds: 5_000_000_000)
        let end = start + .milliseconds(1.5)
        #expect(end.nanoseconds == 5_001_500_000)
        #expect(end - start == Nanoseconds(1_500_000))
        #expect((start - .seconds(2)).nanoseconds == 3_000_000_000)
        #expect(Nanoseconds(1_500_000).milliseconds == 1.5)
        #expect(Nanoseconds(milliseconds: 0.0000004) == .zero)
        #expect(Nanoseconds(-3) < .zero)
    }

    @Test func `the clock is the one that other programs of this machine read`() {
        var before = timespec()
        clock_gettime(CLOCK_MONOTONIC, &before)
        let now = MonotonicClock.now()
        var after = timespec()
        clock_gettime(CLOCK_MONOTONIC, &after)
        let count = { (time: timespec) in Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec) }
        #expect(count(before) <= now.nanoseconds)
        #expect(now.nanoseconds <= count(after))
    }

    @Test func `no other Swift file reads a clock`() throws {
        let sources = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent().appendingPathComponent("Sources")
        let files = try #require(FileManager.default.enumerator(at: sources, includingPropertiesForKeys: nil))
        var readers: [String] = []
        for case let file as URL in files where file.pathExtension == "swift" {
            let text = try String(contentsOf: file, encoding: .utf8)
            let reads = ["clock_gettime", "gettimeofday", "ContinuousClock", "SuspendingClock", "Date()", "time(nil)"]
            if reads.contains(where: text.contains) { readers.append(file.lastPathComponent) }
        }
        #expect(readers == ["MonotonicClock.swift"])
    }
}

@Suite("Seeded generator")
struct SeededGeneratorTests {
    // The first outputs of the reference implementation of SplitMix64 for the seed 0.
    @Test func `it is SplitMix64`() {
        var generator = SeededGenerator(seed: 0)
        let numbers = (0..<3).map { _ in generator.next() }
        #expect(numbers == [0xe220_a839_7b1d_cdaf, 0x6e78_9e6a_a1b9_65f4, 0x06c4_5d18_8009_454f])
    }

    @Test func `purposes do not share draws`() {
        var first = SeededGenerator(seed: 7, purpose: "arrivals")
        var again = SeededGenerator(seed: 7, purpose: "arrivals")
        var other = SeededGenerator(seed: 7, purpose: "prompts")
        let draw = first.next()
        let same = again.next()
        let different = other.next()
        #expect(draw == same)
        #expect(draw != different)
    }

    @Test func `draws of the unit interval are even`() {
        var generator = SeededGenerator(seed: 11)
        let draws = (0..<10_000).map { _ in generator.unitInterval() }
        #expect(draws.allSatisfy { $0 > 0 && $0 < 1 })
        // The mean of 10,000 even draws has a standard deviation of 0.0029.
        #expect(abs(draws.reduce(0, +) / 10_000 - 0.5) < 0.012)
    }
}
