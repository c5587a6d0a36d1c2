import Glibc
import Runner
import Synchronization
import Timeline
import Transport

/// Asks a server for its metrics at a steady pace, on a thread of its own; a question that fails is noted, and no more.
final class ServerScraper {
    private let plan: ServerMetricsPlan
    private let collected = Collected()
    private var thread: BackgroundThread?
    /// The least value of the first gauge, which is that of a server without work.
    private var base: Double?
    /// What the first answer lacks, in words for whom it concerns; nil where it has all.
    let complaint: String?

    /// How long the server's last work is waited for.
    private static let patience = Nanoseconds.seconds(10)
    /// A server that fails so often in a row once nothing more is asked of it will tell no more.
    private static let failureLimit = 3

    /// Starts to ask; returns after the first answer, which is from before the first request.
    init(_ plan: ServerMetricsPlan, access: MetricsAccess) {
        self.plan = plan
        let answers = MetricsAnswers(plan: plan, access: access)
        let first = answers.next()
        complaint = answers.complaint(of: first)
        collected.keep(first)
        thread = BackgroundThread { [collected] stop in
            let start = MonotonicClock.now()
            var turn: Int64 = 0
            while true {
                let now = MonotonicClock.now()
                // What was missed meanwhile is not made up for.
                turn = max(turn + 1, (now - start).count / plan.interval.count + 1)
                let due = start + Nanoseconds(turn * plan.interval.count)
                if stop.wait(milliseconds: Int32(max(0, (due - now).milliseconds.rounded(.up)))) { return }
                collected.keep(answers.next())
            }
        }
    }

    /// What has come since the last call.
    func take() -> [ServerSample] {
        let taken = collected.take()
        for value in taken.compactMap({ $0.values.first ?? nil }) { base = min(base ?? value, value) }
        return taken
    }

    /// Asks until the server is without work again, where that is waited for and can be seen; then ends, and gives the
    /// rest.
    func finish(waitsForServer: Bool) -> [ServerSample] {
        let end = MonotonicClock.now()
        let signal = Interruption.signalNumber
        var rest = take()
        var failures = 0
        while waitsForServer, base != nil, failures < Self.failureLimit, MonotonicClock.now() - end < Self.patience,
            Interruption.signalNumber == signal
        {
            usleep(5000)
            let all = take()
            rest += all
            let taken = all.filter { $0.asked > end }
            for sample in taken { failures = sample.failure == nil ? 0 : failures + 1 }
            if taken.contains(where: { ($0.values.first ?? nil).map { $0 <= base ?? $0 } ?? false }) { break }
        }
        thread?.end()
        thread = nil
        return rest + take()
    }

    deinit { thread?.end() }
}

/// What has been answered and nobody has taken yet.
private final class Collected: Sendable {
    private let samples = Mutex<[ServerSample]>([])

    func keep(_ sample: ServerSample) { samples.withLock { $0.append(sample) } }

    func take() -> [ServerSample] {
        samples.withLock { samples in
            defer { samples = [] }
            return samples
        }
    }
}
