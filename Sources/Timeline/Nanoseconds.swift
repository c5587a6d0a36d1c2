/// A length of time in integer nanoseconds; negative lengths are allowed.
///
/// Arithmetic wraps around, as that of instants; it is inlined in other modules, for figures over millions of events
/// spend most of their time on it.
@usableFromInline package struct Nanoseconds: Hashable, Comparable, Sendable, Codable {
    @usableFromInline package var count: Int64

    @inlinable package static var zero: Nanoseconds { Nanoseconds(0) }

    @inlinable package init(_ count: Int64) { self.count = count }

    package init(milliseconds: Double) { self.init(rounding: milliseconds * 1e6) }

    package init(seconds: Double) { self.init(rounding: seconds * 1e9) }

    /// What no clock could count to becomes the longest length there is.
    private init(rounding nanoseconds: Double) {
        let longest = 0x1p63.nextDown
        self.init(nanoseconds.isNaN ? 0 : Int64(max(-longest, min(longest, nanoseconds.rounded()))))
    }

    package static func milliseconds(_ count: Double) -> Nanoseconds { Nanoseconds(milliseconds: count) }

    package static func seconds(_ count: Double) -> Nanoseconds { Nanoseconds(seconds: count) }

    @inlinable package var milliseconds: Double { Double(count) / 1e6 }

    package var seconds: Double { Double(count) / 1e9 }

    @inlinable package static func < (left: Nanoseconds, right: Nanoseconds) -> Bool { left.count < right.count }

    @inlinable package static func + (left: Nanoseconds, right: Nanoseconds) -> Nanoseconds {
        Nanoseconds(left.count &+ right.count)
    }

    @inlinable package static func - (left: Nanoseconds, right: Nanoseconds) -> Nanoseconds {
        Nanoseconds(left.count &- right.count)
    }

    @inlinable package static func += (left: inout Nanoseconds, right: Nanoseconds) { left.count &+= right.count }
}
