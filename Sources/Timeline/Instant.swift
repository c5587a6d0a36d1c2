/// An instant of the machine's `CLOCK_MONOTONIC`, in nanoseconds.
///
/// Instants of one boot of one machine compare with each other, in any process; nothing else does.
///
/// Arithmetic wraps around: instants of three centuries apart are damaged data, which must not end the program.
package struct Instant: Hashable, Comparable, Sendable, Codable {
    package var nanoseconds: Int64

    package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    package static func < (left: Instant, right: Instant) -> Bool { left.nanoseconds < right.nanoseconds }

    package static func - (later: Instant, earlier: Instant) -> Nanoseconds {
        Nanoseconds(later.nanoseconds &- earlier.nanoseconds)
    }

    package static func + (instant: Instant, length: Nanoseconds) -> Instant {
        Instant(nanoseconds: instant.nanoseconds &+ length.count)
    }

    package static func - (instant: Instant, length: Nanoseconds) -> Instant {
        Instant(nanoseconds: instant.nanoseconds &- length.count)
    }
}
