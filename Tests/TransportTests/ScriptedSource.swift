import Synchronization
import Timeline
import Transport

/// A source that sends a list of requests, so many at once, and then has finished.
final class ScriptedSource: RequestSource {
    private struct State {
        var waiting: [TransportRequest]
        var inFlight = 0
    }

    private let state: Mutex<State>
    private let concurrency: Int
    private let beforeNext: @Sendable () -> Void

    /// Creates a source; `beforeNext` runs on the measuring thread whenever that asks for a request.
    init(
        _ requests: [TransportRequest], concurrency: Int = 1, beforeNext: @escaping @Sendable () -> Void = {}
    ) {
        state = Mutex(State(waiting: requests.reversed()))
        self.concurrency = concurrency
        self.beforeNext = beforeNext
    }

    func next(at now: Instant) -> NextRequest {
        beforeNext()
        return state.withLock { state in
            guard !state.waiting.isEmpty else { return state.inFlight == 0 ? .finished : .waitForEnd }
            guard state.inFlight < concurrency, let request = state.waiting.popLast() else { return .waitForEnd }
            state.inFlight += 1
            return .send(request)
        }
    }

    func transferEnded(_ transfer: EndedTransfer, at now: Instant) { state.withLock { $0.inFlight -= 1 } }

    func stop() { state.withLock { $0.waiting = [] } }
}

/// Runs requests to their ends and returns the transfers in the order in which they ended.
func transfers(
    _ requests: [TransportRequest], concurrency: Int = 1, clockSource: ClockSource = .kernel, threads: Int = 1,
    beforeNext: @escaping @Sendable () -> Void = {},
    onQuestion: (ProgressQuestion, CurlTransport) -> Void = { question, transport in
        transport.answer(question, endAs: .timedOut(.stall))
    }
) -> [Transfer] {
    let transport = CurlTransport(clockSource: clockSource, threads: threads)
    transport.start(ScriptedSource(requests, concurrency: concurrency, beforeNext: beforeNext))
    var ended: [Transfer] = []
    var finished = 0
    while finished < threads {
        for report in transport.waitForReports(milliseconds: 1000) {
            switch report {
            case .ended(let transfer): ended.append(transfer)
            case .question(let question): onQuestion(question, transport)
            case .watched: break
            case .finished: finished += 1
            }
        }
    }
    return ended
}

/// Makes requests to one URL, named `prefix-0`, `prefix-1`, ...
func requests(
    _ count: Int, to url: String, prefix: String = "request", tokens: Int = 20, timeouts: Timeouts = Timeouts(),
    connections: Target.Connections = .reuse, httpVersion: Target.HTTPVersion = .one, body: [UInt8]? = nil,
    eventEnd: EventEnd = .blankLine
) -> [TransportRequest] {
    let target = TransportTarget(
        url: url, headers: [HeaderField("Content-Type", "application/json")], httpVersion: httpVersion,
        connections: connections, certificateAuthorityFile: nil, timeouts: timeouts,
        eventEnd: eventEnd)
    let chat = #"{"model":"m","stream":true,"max_tokens":\#(tokens),"messages":[{"role":"user","content":"hi"}]}"#
    return (0..<count).map { index in
        TransportRequest(
            plan: PlannedRequest(
                index: index, targetIndex: 0, phase: .measured, prompt: Prompt(id: "p", text: "hi")),
            planned: MonotonicClock.now(), target: target, body: RequestBody(body ?? Array(chat.utf8)),
            clientRequestID: "\(prefix)-\(index)")
    }
}

extension Transfer {
    /// The body as text.
    var bodyText: String {
        var bytes: [UInt8] = []
        log.forEachArrival { bytes.append(contentsOf: $0.bytes) }
        return String(decoding: bytes, as: UTF8.self)
    }
}
