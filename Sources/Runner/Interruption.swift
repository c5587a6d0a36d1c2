import Glibc
import Synchronization

/// Ctrl-C and its like: the first asks for an orderly end, the second ends the process at once.
package enum Interruption {
    private static let received = Atomic<Int32>(0)
    private static let count = Atomic<Int>(0)
    private static let farewellAddress = Atomic<UInt>(0)
    private static let farewellLength = Atomic<Int>(0)
    private static let lastActAddress = Atomic<UInt>(0)

    /// Starts to listen for SIGINT and SIGTERM, on the calling thread.
    ///
    /// The farewell is the line that goes to standard error when the second signal ends the process, after the last act,
    /// which may do no more than a signal handler.
    package static func listen(farewell line: String, lastAct: @convention(c) () -> Void = {}) {
        prepare("\n\(line)\n")
        lastActAddress.store(unsafeBitCast(lastAct, to: UInt.self), ordering: .releasing)
        var signals = sigset_t()
        sigemptyset(&signals)
        for number in [SIGINT, SIGTERM] {
            signal(number) { number in Interruption.receive(number) }
            sigaddset(&signals, number)
        }
        // Who started this process may have blocked them, which is inherited: then nothing could end a run.
        pthread_sigmask(SIG_UNBLOCK, &signals, nil)
    }

    /// Puts the line where a signal handler finds it; it stays there for the life of the process.
    private static func prepare(_ text: String) {
        let bytes = UnsafeMutableBufferPointer<UInt8>.allocate(capacity: text.utf8.count)
        _ = bytes.initialize(from: text.utf8)
        farewellAddress.store(UInt(bitPattern: bytes.baseAddress), ordering: .relaxed)
        farewellLength.store(bytes.count, ordering: .releasing)
    }

    // Runs inside a signal handler: atomics, `write` and `_exit` are all that is allowed.
    private static func receive(_ number: Int32) {
        received.store(number, ordering: .relaxed)
        if count.wrappingAdd(1, ordering: .relaxed).newValue > 1 {
            if let lastAct = UnsafeRawPointer(bitPattern: lastActAddress.load(ordering: .acquiring)) {
                unsafeBitCast(lastAct, to: (@convention(c) () -> Void).self)()
            }
            let length = farewellLength.load(ordering: .acquiring)
            _ = write(STDERR_FILENO, UnsafeRawPointer(bitPattern: farewellAddress.load(ordering: .relaxed)), length)
            _exit(128 + number)
        }
    }

    /// The signal that was received; nil where none was.
    package static var signalNumber: Int32? {
        let number = received.load(ordering: .relaxed)
        return number == 0 ? nil : number
    }
}
