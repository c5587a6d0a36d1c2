import Glibc
import Synchronization
import Timeline

/// The ground truth of a server's answers: kept in memory for tests, written to a file for measurements.
final class SendLog: Sendable {
    let keepsText: Bool
    private let keepsEntries: Bool
    private let file: Int32?
    private let kept = Mutex<[SendLogEntry]>([])

    init(path: String?, keepsEntries: Bool, keepsText: Bool) throws(SimulatorError) {
        self.keepsEntries = keepsEntries
        self.keepsText = keepsText
        guard let path else {
            file = nil
            return
        }
        let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND | O_CLOEXEC, 0o644)
        guard descriptor >= 0 else { throw .cannotOpenLog(path: path, reason: systemErrorText()) }
        file = descriptor
    }

    deinit {
        if let file { close(file) }
    }

    /// The entries so far, in the order in which their requests ended.
    var entries: [SendLogEntry] { kept.withLock { $0 } }

    /// Adds an entry and hands its line to the kernel at once, so that a reader finds it when its answer has ended.
    func append(_ entry: SendLogEntry) {
        if keepsEntries { kept.withLock { $0.append(entry) } }
        guard let file else { return }
        let line = Array((entry.json.text + "\n").utf8)
        var written = 0
        while written < line.count {
            let count = line[written...].withUnsafeBytes { write(file, $0.baseAddress, $0.count) }
            if count > 0 { written += count } else if errno != EINTR { return }
        }
    }
}

/// The text of the last system call's error.
func systemErrorText() -> String { String(cString: strerror(errno)) }
