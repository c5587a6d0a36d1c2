import Foundation
import Testing
import Timeline

@testable import Wire

/// What a decoder keeps of a heavy stream, measured in a process of its own.
///
/// `TTFT_HEAVY=1` decodes streams of full size: a million events in one read, and ten million reads of one byte.
struct BoundedMemoryTests {
    @Test func `a line of 100 MB takes no more memory than the limit allows`() async {
        await #expect(processExitsWith: .success) {
            for load in HeavyLoad.tooLong {
                // The line up to the limit of 16 MiB, and the copy that a growing array makes of it.
                try Self.expectGrowth(of: load, size: 100_000_000, atMost: 64 << 20)
            }
        }
    }

    @Test func `a byte a read takes no more memory than the events`() async {
        await #expect(processExitsWith: .success) {
            for load in HeavyLoad.byteByByte {
                let size = Self.isHeavy ? 10_000_000 : 500_000
                try Self.expectGrowth(of: load, size: size, atMost: (8 << 20) + size * 5)
            }
        }
    }

    @Test func `events in one read take no more memory than what is kept of each`() async {
        await #expect(processExitsWith: .success) {
            for load in HeavyLoad.oneRead {
                let size = Self.isHeavy ? 1_000_000 : 20_000
                // An array of events as it grows: the old one, and one twice as long.
                let cap = (8 << 20) + size * 3 * MemoryLayout<DecodedEvent>.stride
                try Self.expectGrowth(of: load, size: size, atMost: cap)
            }
        }
    }

    private static let isHeavy = ProcessInfo.processInfo.environment["TTFT_HEAVY"] == "1"

    private static func expectGrowth(of load: HeavyLoad, size: Int, atMost cap: Int) throws {
        let body = load.body(size)
        // The kernel forgets the peak so far.
        try Data("5".utf8).write(to: URL(fileURLWithPath: "/proc/self/clear_refs"))
        let before = try memory("VmRSS")
        let stream = load.decoded(body)
        let growth = try memory("VmHWM") - before
        #expect(stream?.outcome.outcomeClass == load.outcome)
        #expect(growth < cap, "\(load.testDescription) took \(growth) bytes, \(cap) are allowed")
    }

    /// A size of this process in bytes, as the kernel has it.
    private static func memory(_ name: String) throws -> Int {
        let status = try String(contentsOfFile: "/proc/self/status", encoding: .utf8)
        let line = try #require(status.split(separator: "\n").first { $0.hasPrefix(name + ":") })
        return try #require(line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap { Int($0) }) << 10
    }
}
