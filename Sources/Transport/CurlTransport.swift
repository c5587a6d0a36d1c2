import CCurl
import CTransport
import Glibc
package import Timeline

/// What the measuring thread tells.
package enum TransportReport: Sendable {
    case ended(Transfer)
    /// Only the reader of the log can say whether a stream still makes progress; to be answered.
    case question(ProgressQuestion)
    /// More has come of a stream that somebody follows, as to cancel it at some token; the measuring thread counts none.
    case watched(WatchedStream)
    /// The measuring thread has finished; nothing of it follows.
    case finished(ThreadUse)
}

/// A stream whose token timers have run down, so that somebody must look whether content came or only keep-alives.
package struct ProgressQuestion: Sendable {
    package let transfer: Transfer
    package let sent: Instant
    package let status: Int
    package let headers: [HeaderField]
}

/// A stream of which more has come than its follower has seen.
package struct WatchedStream: Sendable {
    package let transfer: Transfer
    package let status: Int
    package let headers: HeaderLines
}

/// What the measuring thread can be told; none makes it wait.
enum TransportCommand: Sendable {
    case stop
    case cancel
    case progress(token: Int, deadline: Instant)
    case end(token: Int, TransportEnd)
    case cancelTransfer(token: Int)
    case found(NextConnection?, token: Int)
}

/// Sends requests with libcurl on threads of its own and stamps every arrival.
package final class CurlTransport: Sendable {
    private let reports = HandOver<TransportReport>()
    /// Of each measuring thread; the first one asks the source.
    private let commands: [HandOver<TransportCommand>]
    package let clockSource: ClockSource

    /// Prepares `threads` measuring threads, among which the requests are dealt out in turn.
    package init(clockSource: ClockSource, threads: Int = 1) {
        self.clockSource = clockSource
        commands = (0..<max(1, threads)).map { _ in HandOver() }
        LibraryStart.once
    }

    /// How many threads measure; each reports once that it has finished.
    package var threadCount: Int { commands.count }

    /// Starts the measuring threads, which end by themselves when the source has finished and all transfers have ended.
    package func start(_ source: any RequestSource) {
        guard commands.count > 1 else { return startThread(0, source) }
        let ends = HandOver<ReturnedEnd>()
        let others = (1..<commands.count).map { _ in HandedRequests(ends: ends) }
        startThread(0, SpreadSource(source, others: others, ends: ends))
        for (index, other) in others.enumerated() { startThread(index + 1, other) }
    }

    private func startThread(_ index: Int, _ source: any RequestSource) {
        let (reports, commands, clockSource) = (reports, commands[index], clockSource)
        let isStarted = QuietThread.detach {
            let start = MonotonicClock.now()
            let loop = TransferLoop(source: source, clockSource: clockSource, ended: reports, commands: commands)
            loop?.run()
            reports.put(
                .finished(
                    ThreadUse(processorTime: MonotonicClock.threadTime(), lifetime: MonotonicClock.now() - start)))
        }
        // Waiting for what it never sends would never end.
        guard isStarted else { fatalError("the system gives no thread to measure on") }
    }

    /// Waits for reports, at most for the given milliseconds; empty where none came.
    package func waitForReports(milliseconds: Int32) -> [TransportReport] {
        let waiting = reports.takeAll()
        guard waiting.isEmpty else { return waiting }
        reports.wait(milliseconds: milliseconds)
        return reports.takeAll()
    }

    /// Sends nothing more; what is in flight goes on.
    package func stop() { tellAll(.stop) }

    /// Sends nothing more and ends what is in flight as cancelled.
    package func cancel() { tellAll(.cancel) }

    private func tellAll(_ command: TransportCommand) { commands.forEach { $0.put(command) } }

    /// Answers a question: the stream makes progress, and is to be looked at again at an instant.
    package func answer(_ question: ProgressQuestion, lookAgainAt deadline: Instant) {
        // Only the thread that has the transfer knows its token.
        tellAll(.progress(token: question.transfer.request.token, deadline: deadline))
    }

    /// Answers a question: the transfer is to end now, for the given reason.
    package func answer(_ question: ProgressQuestion, endAs end: TransportEnd) {
        tellAll(.end(token: question.transfer.request.token, end))
    }

    /// Ends a transfer as cancelled on purpose; nothing happens where it has ended by then.
    package func cancel(_ transfer: Transfer) { tellAll(.cancelTransfer(token: transfer.request.token)) }

    /// Tells the source how the stream of a transfer that has ended is to go on; nil is not at all.
    package func go(on next: NextConnection?, after transfer: Transfer) {
        // The first thread is the one that asks the source.
        commands[0].put(.found(next, token: transfer.request.token))
    }

    /// The most by which a kernel stamp is late for a segment that was alone in its socket.
    package static let stampFloor = ArrivalClock.floor

    /// The versions of libcurl and of what it was built with.
    package static var libraryVersion: String { String(cString: curl_version()) }
}

/// Initialises libcurl once, before any thread uses it.
private enum LibraryStart {
    static let once: Void = { curl_global_init(Int(CURL_GLOBAL_DEFAULT)) }()
}
