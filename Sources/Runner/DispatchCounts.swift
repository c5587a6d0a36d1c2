import Synchronization
package import Timeline
import Transport

/// What a run has sent and what of it has ended; written by the measuring thread, read by any other.
package final class DispatchCounts: Sendable {
    /// Nanoseconds of the clock; 0 before the first measured attempt.
    private final class Start: Sendable { let nanoseconds = Atomic<Int64>(0) }

    private let startedCount = Atomic<Int>(0)
    private let endedCount = Atomic<Int>(0)
    private let starts: [Start]

    package init(targetCount: Int) { starts = (0..<targetCount).map { _ in Start() } }

    /// The attempts that were given to the transport, and those of them that have ended.
    package var attempts: (started: Int, ended: Int) {
        // In this order an end is never counted without its start.
        let ended = endedCount.load(ordering: .acquiring)
        return (startedCount.load(ordering: .relaxed), ended)
    }

    /// When each target's first measured attempt was given to the transport.
    package var measuredStarts: [Instant?] {
        starts.map { start in
            let nanoseconds = start.nanoseconds.load(ordering: .relaxed)
            return nanoseconds == 0 ? nil : Instant(nanoseconds: nanoseconds)
        }
    }

    fileprivate func started(_ request: PlannedRequest, at now: Instant) {
        startedCount.wrappingAdd(1, ordering: .relaxed)
        guard request.phase == .measured else { return }
        let start = starts[request.targetIndex]
        if start.nanoseconds.load(ordering: .relaxed) == 0 {
            start.nanoseconds.store(now.nanoseconds, ordering: .relaxed)
        }
    }

    fileprivate func ended() { endedCount.wrappingAdd(1, ordering: .releasing) }
}

/// Counts what a source sends, with atomic additions alone: the measuring thread waits for nobody who reads them.
final class CountedSource: RequestSource {
    private let source: any RequestSource
    private let counts: DispatchCounts

    init(_ source: any RequestSource, counts: DispatchCounts) {
        self.source = source
        self.counts = counts
    }

    func next(at now: Instant) -> NextRequest {
        let next = source.next(at: now)
        if case .send(let request) = next { counts.started(request.plan, at: now) }
        return next
    }

    func transferEnded(_ transfer: EndedTransfer, at now: Instant) {
        counts.ended()
        source.transferEnded(transfer, at: now)
    }

    func found(_ next: NextConnection?, after token: Int, at now: Instant) {
        source.found(next, after: token, at: now)
    }

    func stop() { source.stop() }

    var wakeDescriptor: Int32? { source.wakeDescriptor }
}
