import Glibc
import Synchronization
package import Timeline

/// A loopback server that speaks the APIs of many providers, at the tempos of scripts, and logs what it sends.
///
/// `/NAME/v1/chat/completions`, `/NAME/model/ID/converse-stream` and so on play the script of target NAME (with
/// percent-encoding) in the API whose path it is; without a name they play `default`, or else the first by name.
package final class SimulatedServer: Sendable {
    package let host: String
    package let port: UInt16
    private let loop: EventLoop
    private let thread = Mutex<pthread_t?>(nil)

    /// Creates a server that already listens; clients wait until it is started.
    ///
    /// - Parameters:
    ///   - scripts: What to play, by the names of targets.
    ///   - host: `127.0.0.1` or `::1`.
    ///   - port: The port to listen on; 0 takes any free one.
    ///   - logPath: The file for the send log, one JSON object a line; an existing file is replaced.
    ///   - seed: Decides the texts and the jitter.
    ///   - keepsLog: Whether `log` keeps the entries in memory.
    ///   - keepsText: Whether the log's entries have the texts that were sent.
    /// - Throws: What is wrong with a script, or why the port or the log file cannot be opened.
    package init(
        scripts: [String: StreamScript], host: String = "127.0.0.1", port: UInt16 = 0, logPath: String? = nil,
        seed: UInt64 = 1, keepsLog: Bool = true, keepsText: Bool = false
    ) throws(SimulatorError) {
        let library = try ScriptLibrary(scripts)
        let log = try SendLog(path: logPath, keepsEntries: keepsLog, keepsText: keepsText)
        let listener = try ListeningSocket(host: host, port: port)
        loop = try EventLoop(listener: listener, library: library, log: log, seed: seed)
        self.host = host
        self.port = listener.port
    }

    deinit { stop() }

    /// The URL without a path, such as `http://127.0.0.1:8080`.
    package var baseURL: String { "http://\(host.contains(":") ? "[\(host)]" : host):\(port)" }

    /// The entries of the requests that have ended, in the order of their ends.
    package var log: [SendLogEntry] { loop.log.entries }

    /// Serves on a thread of the server's own, until `stop`; a stopped server cannot start again.
    package func start() throws(SimulatorError) {
        var thread = pthread_t()
        let argument = Unmanaged.passRetained(loop)
        let result = pthread_create(
            &thread, nil,
            { argument in
                guard let argument else { return nil }
                Unmanaged<EventLoop>.fromOpaque(argument).takeRetainedValue().run()
                return nil
            }, argument.toOpaque())
        guard result == 0 else {
            argument.release()
            throw .systemCallFailed(call: "pthread_create", reason: String(cString: strerror(result)))
        }
        self.thread.withLock { $0 = thread }
    }

    /// Serves on the calling thread, until `stop` is called on another one.
    package func run() { loop.run() }

    /// Stops serving and waits until every entry is in the log; answers that are being played end where they are.
    package func stop() {
        loop.requestStop()
        let thread = thread.withLock { thread in
            defer { thread = nil }
            return thread
        }
        if let thread { pthread_join(thread, nil) }
    }
}
