/// An instant of the machine's `CLOCK_MONOTONIC`, in nanoseconds.
///
/// Instants of one boot of one machine compare with each other, in any process; nothing else does.
///
/// Arithmetic wraps around: instants of three centuries apart are damaged data, which must not end the program.
/// It is inlined in other modules, as that of lengths.
@usableFromInline package struct Instant: Hashable, Comparable, Sendable, Codable {
    @usableFromInline package var nanoseconds: Int64

    @inlinable package init(nanoseconds: Int64) { self.nanoseconds = nanoseconds }

    @inlinable package static func < (left: Instant, right: Instant) -> Bool { left.nanoseconds < right.nanoseconds }

    @inlinable package static func - (later: Instant, earlier: Instant) -> Nanoseconds {
        Nanoseconds(later.nanoseconds &- earlier.nanoseconds)
    }

    @inlinable package static func + (instant: Instant, length: Nanoseconds) -> Instant {
        Instant(nanoseconds: instant.nanoseconds &+ length.count)
    }

    @inlinable package static func - (instant: Instant, length: Nanoseconds) -> Instant {
        Instant(nanoseconds: instant.nanoseconds &- length.count)
    }
}
