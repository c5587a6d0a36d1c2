import Glibc
import Timeline

/// The instants of an answer's events: absolute, so that a late send does not delay the ones after it.
struct AnswerSchedule {
    private let script: StreamScript
    private var generator: SeededGenerator
    private var events = 0
    /// When the next content event is due.
    private(set) var due: Instant

    /// Creates the schedule of an answer whose request ended at `start`.
    ///
    /// - Parameters:
    ///   - script: The tempo.
    ///   - start: When the request's last byte had been read.
    ///   - generator: The source of the draws, where the script has jitter.
    init(script: StreamScript, start: Instant, generator: SeededGenerator) {
        self.script = script
        self.generator = generator
        due = start
        due = start + draw(mean: script.timeToFirstToken)
    }

    /// Moves on to the event after the one that is due.
    ///
    /// - Parameter tokens: The tokens of that next event: it waits for all of them.
    mutating func advance(tokens: Int) {
        events += 1
        for _ in 0..<tokens { due = due + draw(mean: script.gap) }
        if script.stallEvery > 0, events.isMultiple(of: script.stallEvery) { due = due + script.stallLength }
    }

    /// Goes on with an answer that had broken off: its next event takes the time of its tokens from now on.
    mutating func goOn(at now: Instant, tokens: Int) {
        due = now
        for _ in 0..<tokens { due = due + draw(mean: script.gap) }
    }

    /// Draws from the log-normal distribution of a mean and of the script's relative standard deviation.
    ///
    /// With s^2 = ln(1 + cv^2) and m = ln(mean) - s^2 / 2 the mean and the deviation are exact (Johnson, Kotz and
    /// Balakrishnan 1994, chapter 14); the normal draw is Box and Muller's (1958).
    private mutating func draw(mean: Nanoseconds) -> Nanoseconds {
        guard script.jitter > 0, mean > .zero else { return mean }
        let variance = log(1 + script.jitter * script.jitter)
        let radius = (-2 * log(generator.unitInterval())).squareRoot()
        let normal = radius * cos(2 * .pi * generator.unitInterval())
        let length = Double(mean.count) * exp(variance.squareRoot() * normal - variance / 2)
        return Nanoseconds(Int64(min(length.rounded(), 1e15)))
    }
}
