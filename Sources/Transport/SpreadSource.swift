import Glibc
import Timeline

/// Spreads a source's requests over several measuring threads: the first thread asks it, and hands out all but its share.
///
/// The source stays on one thread, and nothing is locked: requests go out, and their ends come back, through hand-overs
/// that wake their taker. What the way costs shows as dispatch lateness, since each thread notes when it dispatches.
final class SpreadSource: RequestSource, @unchecked Sendable {
    // Invariant: used on the first measuring thread alone, but for the hand-overs.
    private let source: any RequestSource
    private let others: [HandedRequests]
    private let ends: HandOver<ReturnedEnd>
    private var turn = 0

    init(_ source: any RequestSource, others: [HandedRequests], ends: HandOver<ReturnedEnd>) {
        self.source = source
        self.others = others
        self.ends = ends
    }

    var wakeDescriptor: Int32? { ends.descriptor }

    func next(at now: Instant) -> NextRequest {
        takeEnds()
        while true {
            let step = source.next(at: now)
            guard case .send(let request) = step else {
                if case .finished = step { others.forEach { $0.inbox.put(.finish) } }
                return step
            }
            turn = (turn + 1) % (others.count + 1)
            guard turn > 0 else { return step }
            others[turn - 1].inbox.put(.request(request))
        }
    }

    private func takeEnds() {
        for end in ends.takeAll() { source.transferEnded(end.transfer, at: end.instant) }
    }

    func transferEnded(_ transfer: EndedTransfer, at now: Instant) { source.transferEnded(transfer, at: now) }

    func found(_ next: NextConnection?, after token: Int, at now: Instant) {
        // The end that it belongs to may still be on its way from another thread.
        takeEnds()
        source.found(next, after: token, at: now)
    }

    func stop() { source.stop() }
}

/// An end on another thread, on its way back to the source.
struct ReturnedEnd: Sendable {
    var transfer: EndedTransfer
    var instant: Instant
}

/// What a further measuring thread sends: the requests that the first one hands it.
final class HandedRequests: RequestSource, @unchecked Sendable {
    // Invariant: used on its own measuring thread alone, but for the hand-overs.
    enum Message: Sendable {
        case request(TransportRequest)
        case finish
    }

    let inbox = HandOver<Message>()
    private let ends: HandOver<ReturnedEnd>
    private var waiting: [TransportRequest] = []
    private var isFinished = false
    private var isStopped = false

    init(ends: HandOver<ReturnedEnd>) { self.ends = ends }

    var wakeDescriptor: Int32? { inbox.descriptor }

    func next(at now: Instant) -> NextRequest {
        if waiting.isEmpty { takeInbox() }
        if isStopped { giveBack(at: now) }
        if let request = waiting.popLast() { return .send(request) }
        return isFinished ? .finished : .waitForEnd
    }

    /// The oldest request comes last, so that taking it moves nothing.
    private func takeInbox() {
        for message in inbox.takeAll().reversed() {
            switch message {
            case .request(let request): waiting.append(request)
            case .finish: isFinished = true
            }
        }
    }

    func transferEnded(_ transfer: EndedTransfer, at now: Instant) {
        ends.put(ReturnedEnd(transfer: transfer, instant: now))
    }

    /// What was on its way here when everything was told to stop is not sent, and its place becomes free.
    func stop() { isStopped = true }

    private func giveBack(at now: Instant) {
        for request in waiting {
            transferEnded(EndedTransfer(token: request.token, end: .cancelled), at: now)
        }
        waiting.removeAll()
    }
}
