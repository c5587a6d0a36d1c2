import Glibc
import Synchronization
import Timeline
import Transport
import Wire

/// Asks a server for its metrics at a steady pace, on a thread of its own; a question that fails is noted, and no more.
final class ServerScraper {
    private let plan: ServerMetricsPlan
    private let collected = Collected()
    private var thread: BackgroundThread?
    /// The least value of the first gauge, which is that of a server without work.
    private var base: Double?

    /// How long the server's last work is waited for.
    private static let patience = Nanoseconds.seconds(10)

    /// Starts to ask; returns after the first answer, which is from before the first request.
    init(_ plan: ServerMetricsPlan) {
        self.plan = plan
        let answers = Answers(plan: plan)
        collected.keep(answers.next())
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

    /// Asks until the server is without work again, where that is waited for; then ends, and gives the rest.
    func finish(waitsForServer: Bool) -> [ServerSample] {
        let end = MonotonicClock.now()
        var rest = take()
        while waitsForServer, MonotonicClock.now() - end < Self.patience {
            usleep(5000)
            let taken = take()
            rest += taken
            let isIdle = taken.contains { sample in
                sample.asked > end && (sample.values.first ?? nil).map { $0 <= base ?? $0 } ?? false
            }
            if isIdle { break }
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

/// The answers of one server, one after the other.
private final class Answers: @unchecked Sendable {
    // Invariant: asked by one thread at a time, the one that starts and then the one that was started.
    private let plan: ServerMetricsPlan
    private let fetcher = Fetcher()
    private var slots = LlamaSlots()

    /// An answer that is not there by then is none.
    private static let timeout = Nanoseconds.seconds(2)

    init(plan: ServerMetricsPlan) { self.plan = plan }

    func next() -> ServerSample {
        let asked = MonotonicClock.now()
        let response = fetcher?.response(from: plan.url, timeout: Self.timeout)
        let answered = MonotonicClock.now()
        var sample = ServerSample(asked: asked, answered: answered, values: plan.gauges.map { _ in nil })
        guard let response else {
            sample.failure = "no answer"
            return sample
        }
        guard response.status == 200 else {
            sample.failure = "HTTP \(response.status)"
            return sample
        }
        read(response.body, into: &sample)
        return sample
    }

    private func read(_ body: [UInt8], into sample: inout ServerSample) {
        if plan.gauges == ServerMetricsPlan.slotGauges {
            guard let answer = try? JSONValue(parsing: body), let found = slots.take(answer) else {
                sample.failure = "no list of slots"
                return
            }
            sample.values = [Double(found.busy), Double(found.decoded)]
        } else {
            let metrics = PrometheusText(body)
            sample.values = plan.gauges.map(metrics.value)
            if !sample.values.contains(where: { $0 != nil }) {
                sample.failure = "none of the metrics is there as a number"
            }
        }
    }
}
