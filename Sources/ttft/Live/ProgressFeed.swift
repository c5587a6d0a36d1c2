import Glibc
import Metrics
import Report
import Runner
import Synchronization
import Timeline

/// What is known of a run while it goes on, from the thread that stores its records to the one that shows them.
///
/// The measuring thread knows of neither: it adds to the atomic counts and waits for nobody.
final class ProgressFeed: Sendable {
    let counts: DispatchCounts
    private let run: RunDescription
    private let tally: Mutex<LiveTally>
    private let notices = Mutex<[String]>([])

    init(run: RunDescription) {
        self.run = run
        counts = DispatchCounts(targetCount: run.targets.count)
        tally = Mutex(LiveTally(run: run))
    }

    func add(_ records: [StreamRecord]) {
        tally.withLock { tally in
            for record in records { tally.add(record) }
        }
    }

    func add(notice: String) { notices.withLock { $0.append(notice) } }

    /// The run as it is now.
    func state(processorShare: Double? = nil) -> LiveState {
        let attempts = counts.attempts
        let dispatch = DispatchState(
            started: attempts.started, inFlight: attempts.started - attempts.ended,
            measuredStarts: counts.measuredStarts)
        let figures = tally.withLock { $0.figures(at: MonotonicClock.now(), dispatch: dispatch) }
        return LiveState(
            run: run, figures: figures, processorShare: processorShare, notices: notices.withLock { $0 })
    }
}

/// The processor time that this process takes.
struct ProcessorMeter {
    private var before = (used: 0.0, at: MonotonicClock.now())

    init() { before.used = Self.used }

    /// The share of one core since the last question; nil where too little time has passed to tell.
    mutating func share() -> Double? {
        let now = MonotonicClock.now()
        let passed = (now - before.at).seconds
        guard passed > 0.01 else { return nil }
        let used = Self.used
        defer { before = (used, now) }
        return (used - before.used) / passed
    }

    private static var used: Double {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        return [usage.ru_utime, usage.ru_stime].reduce(0) { $0 + Double($1.tv_sec) + Double($1.tv_usec) / 1e6 }
    }
}
