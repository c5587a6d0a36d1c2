import Synchronization

/// The most that may be spent: what was, and what requests that are under way could still cost at most.
///
/// The measuring thread sets aside, the thread that decodes books what it turned out to be; several runners may spend one.
package final class CostPurse: Sendable {
    /// Of a millionth of the currency's unit: the price of a token where a million cost one unit.
    private static let perUnit = 1_000_000_000.0

    package let limit: Double
    private let units: Int64
    private let committed = Atomic<Int64>(0)
    /// Requests whose cost nobody has told so far, and the most by which an answer has cost more than was set aside for it:
    /// each of them may turn out to do so too.
    private let unsettledCount = Atomic<Int64>(0)
    private let largestExcess = Atomic<Int64>(0)
    private let isExhausted = Atomic<Bool>(false)

    package init(limit: Double) {
        self.limit = limit
        units = Int64((limit * Self.perUnit).rounded(.down))
    }

    /// Whether a request was refused since it could have cost too much.
    var wasReached: Bool { isExhausted.load(ordering: .acquiring) }

    private static func units(_ amount: Double) -> Int64 { Int64((amount * perUnit).rounded(.up)) }

    /// Whether there is room for a request that could cost so much.
    func hasRoom(for most: Double) -> Bool {
        let surplus = largestExcess.load(ordering: .acquiring) * (unsettledCount.load(ordering: .acquiring) + 1)
        return committed.load(ordering: .acquiring) + Self.units(most) + surplus <= units
    }

    /// Sets aside what a request could cost; false where that is more than is left.
    func reserve(_ most: Double) -> Bool {
        guard hasRoom(for: most) else {
            isExhausted.store(true, ordering: .releasing)
            return false
        }
        committed.wrappingAdd(Self.units(most), ordering: .acquiringAndReleasing)
        unsettledCount.wrappingAdd(1, ordering: .acquiringAndReleasing)
        return true
    }

    /// Books what an ended transfer cost in place of what it could have cost.
    ///
    /// A server that counts more than the body has bytes, as for a prompt of its own, or that exceeds the longest answer, is
    /// expected to do so again.
    func settle(_ most: Double, cost: Double) {
        let difference = Self.units(cost) - Self.units(most)
        if difference > 0 { largestExcess.max(difference, ordering: .acquiringAndReleasing) }
        committed.wrappingAdd(difference, ordering: .acquiringAndReleasing)
        unsettledCount.wrappingSubtract(1, ordering: .acquiringAndReleasing)
    }
}
