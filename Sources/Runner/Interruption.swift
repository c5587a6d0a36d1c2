import Glibc
import Synchronization

/// Ctrl-C and its like: the first asks for an orderly end, the second ends the process at once.
package enum Interruption {
    private static let received = Atomic<Int32>(0)
    private static let count = Atomic<Int>(0)

    /// Starts to listen for SIGINT and SIGTERM, on the calling thread.
    package static func listen() {
        var signals = sigset_t()
        sigemptyset(&signals)
        for number in [SIGINT, SIGTERM] {
            signal(number) { number in Interruption.receive(number) }
            sigaddset(&signals, number)
        }
        // Who started this process may have blocked them, which is inherited: then nothing could end a run.
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    }

    // Runs inside a signal handler: atomics and `_exit` are all that is allowed.
    private static func receive(_ number: Int32) {
        received.store(number, ordering: .relaxed)
        if count.wrappingAdd(1, ordering: .relaxed).newValue > 1 { _exit(128 + number) }
    }

    /// The signal that was received; nil where none was.
    package static var signalNumber: Int32? {
        let number = received.load(ordering: .relaxed)
        return number == 0 ? nil : number
    }
}
