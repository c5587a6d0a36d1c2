import Glibc
package import Timeline

/// When the requests of an open loop are due, counted from the start of their phase: endless, and the same for a seed.
package struct ArrivalSchedule: Sendable, Sequence, IteratorProtocol {
    /// Where due times stop growing, so that none overflows: 285 years, in seconds.
    private static let horizon = 9e9

    private let rate: Double
    private let arrivals: LoadShape.Arrivals
    private var generator: SeededGenerator
    private var position = 0
    private var elapsedSeconds = 0.0

    /// Creates a schedule of a rate per second, more than 0; schedules of different purposes are independent.
    package init(rate: Double, arrivals: LoadShape.Arrivals, seed: UInt64, purpose: String) {
        self.rate = rate
        self.arrivals = arrivals
        generator = SeededGenerator(seed: seed, purpose: purpose)
    }

    /// The next due time: `k / rate` for constant arrivals, a sum of exponential gaps for a Poisson process.
    package mutating func next() -> Nanoseconds? {
        defer { position += 1 }
        switch arrivals {
        case .constant: return Nanoseconds(seconds: Swift.min(Double(position) / rate, Self.horizon))
        case .poisson:
            elapsedSeconds -= log(generator.unitInterval()) / rate
            return Nanoseconds(seconds: Swift.min(elapsedSeconds, Self.horizon))
        }
    }
}
