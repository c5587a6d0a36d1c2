import CCurl
import CTransport
import Glibc
package import Timeline

/// What the measuring thread tells.
package enum TransportReport: Sendable {
    case ended(Transfer)
    /// Only the reader of the log can say whether a stream still makes progress; to be answered.
    case question(ProgressQuestion)
    /// The measuring thread has finished; nothing follows.
    case finished
}

/// A stream whose token timers have run down, so that somebody must look whether content came or only keep-alives.
package struct ProgressQuestion: Sendable {
    package let transfer: Transfer
    package let sent: Instant
    package let status: Int
    package let headers: [HeaderField]
}

/// What the measuring thread can be told; none makes it wait.
enum TransportCommand: Sendable {
    case stop
    case cancel
    case progress(token: Int, deadline: Instant)
    case end(token: Int, TransportEnd)
}

/// Sends requests with libcurl on a thread of its own and stamps every arrival.
package final class CurlTransport: Sendable {
    private let reports = HandOver<TransportReport>()
    private let commands = HandOver<TransportCommand>()
    package let clockSource: ClockSource

    package init(clockSource: ClockSource) {
        self.clockSource = clockSource
        LibraryStart.once
    }

    /// Starts the measuring thread, which ends by itself when the source has finished and all transfers have ended.
    package func start(_ source: any RequestSource) {
        let (reports, commands, clockSource) = (reports, commands, clockSource)
        detachThread {
            let loop = TransferLoop(source: source, clockSource: clockSource, ended: reports, commands: commands)
            loop?.run()
            reports.put(.finished)
        }
    }

    /// Waits for reports, at most for the given milliseconds; empty where none came.
    package func waitForReports(milliseconds: Int32) -> [TransportReport] {
        let waiting = reports.takeAll()
        guard waiting.isEmpty else { return waiting }
        reports.wait(milliseconds: milliseconds)
        return reports.takeAll()
    }

    /// Sends nothing more; what is in flight goes on.
    package func stop() { commands.put(.stop) }

    /// Sends nothing more and ends what is in flight as cancelled.
    package func cancel() { commands.put(.cancel) }

    /// Answers a question: the stream makes progress, and is to be looked at again at an instant.
    package func answer(_ question: ProgressQuestion, lookAgainAt deadline: Instant) {
        commands.put(.progress(token: question.transfer.request.token, deadline: deadline))
    }

    /// Answers a question: the transfer is to end now, for the given reason.
    package func answer(_ question: ProgressQuestion, endAs end: TransportEnd) {
        commands.put(.end(token: question.transfer.request.token, end))
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

private final class ThreadBody {
    let run: @Sendable () -> Void

    init(_ run: @escaping @Sendable () -> Void) { self.run = run }
}

/// Runs `body` on a new OS thread that takes no signals, so that no handler delays it.
private func detachThread(_ body: @escaping @Sendable () -> Void) {
    var all = sigset_t()
    var previous = sigset_t()
    sigfillset(&all)
    pthread_sigmask(SIG_SETMASK, &all, &previous)
    defer { pthread_sigmask(SIG_SETMASK, &previous, nil) }
    var thread = pthread_t()
    let context = Unmanaged.passRetained(ThreadBody(body)).toOpaque()
    pthread_create(
        &thread, nil,
        { context in
            if let context { Unmanaged<ThreadBody>.fromOpaque(context).takeRetainedValue().run() }
            return nil
        }, context)
    pthread_detach(thread)
}
