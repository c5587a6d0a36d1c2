import Glibc
import Synchronization

/// Ctrl-C and its like: the first asks for an orderly end, the second ends the process at once.
package enum Interruption {
    private static let received = Atomic<Int32>(0)
    private static let count = Atomic<Int>(0)

    /// Starts to listen for SIGINT and SIGTERM.
    package static func listen() {
        for number in [SIGINT, SIGTERM] {
            signal(number) { number in Interruption.receive(number) }
        }
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
