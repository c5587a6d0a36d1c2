import Glibc

/// SIGINT and SIGTERM, taken by whoever waits for them instead of ending the process.
struct EndSignals {
    private var signals = sigset_t()

    /// Holds the signals back from now on; to be made before the first other thread, which inherits that.
    init() {
        sigemptyset(&signals)
        sigaddset(&signals, SIGINT)
        sigaddset(&signals, SIGTERM)
        pthread_sigmask(SIG_BLOCK, &signals, nil)
    }

    /// Waits until one of them comes.
    func wait() {
        var signals = signals
        var received: Int32 = 0
        sigwait(&signals, &received)
    }
}
