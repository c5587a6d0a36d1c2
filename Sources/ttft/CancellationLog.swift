import FoundationEssentials
import Glibc
import Timeline

/// Finds in the simulator's log what it did after requests were cancelled on purpose.
final class CancellationLog {
    /// What names a cancelled request in the database, and when it was cancelled.
    private struct Key {
        var requestIndex: Int
        var attempt: Int
        var instant: Instant
    }

    /// Where the simulator writes its log.
    let path: String
    private let isTemporary: Bool
    private var cancelled: [String: Key] = [:]

    /// How long a simulator that is busy may take to notice the last client that left.
    private static let patience = Nanoseconds.seconds(2)

    /// Takes a log that is kept for another purpose too, or else one that goes away with this object.
    init(keptAt path: String?) {
        isTemporary = path == nil
        self.path =
            path ?? FileManager.default.temporaryDirectory.appending(path: "ttft-\(UUID().uuidString).jsonl").path
    }

    deinit {
        if isTemporary { unlink(path) }
    }

    /// Whether no request at all was cancelled.
    var isEmpty: Bool { cancelled.isEmpty }

    /// Notes which of the records were cancelled.
    func note(_ records: [StreamRecord]) {
        for record in records {
            guard let instant = record.cancellation?.instant else { continue }
            cancelled[record.clientRequestID] = Key(
                requestIndex: record.requestIndex, attempt: record.attempt, instant: instant)
        }
    }

    /// What the log says of the requests that were noted, as far as the simulator served them.
    func aftermaths(isSimulated: Bool) throws -> [(requestIndex: Int, attempt: Int, aftermath: ServerAftermath)] {
        guard isSimulated, !cancelled.isEmpty else { return [] }
        let deadline = MonotonicClock.now() + Self.patience
        while true {
            let found = try read()
            if found.count == cancelled.count || MonotonicClock.now() >= deadline { return found }
            usleep(5000)
        }
    }

    private func read() throws -> [(requestIndex: Int, attempt: Int, aftermath: ServerAftermath)] {
        try InputFile.bytes(of: path).split(separator: UInt8(ascii: "\n")).compactMap { line in
            // The last line may still be written.
            guard let entry = try? JSONValue(parsing: Array(line)), let identifier = entry["id"]?.stringValue,
                let key = cancelled[identifier], let noticed = Self.instant(entry["noticed_ns"]),
                let stopped = Self.instant(entry["ended_ns"])
            else { return nil }
            let sends = (entry["sends_ns"]?.arrayValue ?? []).map(Self.instant)
            let tokens = (entry["tokens"]?.arrayValue ?? []).map { $0.integerValue ?? 0 }
            let late = zip(sends, tokens).reduce(0) { sum, send in
                sum + ((send.0.map { $0 > key.instant } ?? false) ? send.1 : 0)
            }
            let aftermath = ServerAftermath(
                noticed: noticed, stopped: stopped, tokens: late + (entry["unsent_tokens"]?.integerValue ?? 0))
            return (key.requestIndex, key.attempt, aftermath)
        }
    }

    private static func instant(_ value: JSONValue?) -> Instant? {
        value?.integerValue.map { Instant(nanoseconds: Int64($0)) }
    }
}
