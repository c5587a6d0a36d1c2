import Glibc
package import Timeline

/// When the requests of an open loop are due, counted from the start of their phase: endless, and the same for a seed.
package struct ArrivalSchedule: Sendable, Sequence, IteratorProtocol {
    private let rate: Double
    private let arrivals: LoadShape.Arrivals
    private var generator: SeededGenerator
    private var position = 0
    private var elapsedSeconds = 0.0

    /// Creates a schedule.
    ///
    /// - Parameters:
    ///   - rate: arrivals per second, more than 0.
    ///   - purpose: schedules of different purposes are independent of one another.
    package init(rate: Double, arrivals: LoadShape.Arrivals, seed: UInt64, purpose: String) {
        self.rate = rate
        self.arrivals = arrivals
        generator = SeededGenerator(seed: seed, purpose: purpose)
    }

    /// The next due time: `k / rate` for constant arrivals, a sum of exponential gaps for a Poisson process.
    package mutating func next() -> Nanoseconds? {
        defer { position += 1 }
        switch arrivals {
        case .constant: return Nanoseconds(seconds: Double(position) / rate)
        case .poisson:
            elapsedSeconds -= log(generator.unitInterval()) / rate
            return Nanoseconds(seconds: elapsedSeconds)
        }
    }
}
