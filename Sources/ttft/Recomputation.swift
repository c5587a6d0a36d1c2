import Runner
import Store
import Timeline

/// A run's records with every body that is stored decoded again; nothing in the database changes.
struct Recomputation {
    private let apis: [String: String]
    private var requestCount = 0
    private var decodedCount = 0
    private var changedCount = 0
    /// Requests that no setting could have stored a body of.
    private var bodilessCount = 0
    /// Requests whose body was longer than what is kept of one.
    private var cutCount = 0
    private var alteredCount = 0
    /// Requests that read differently and hold the mark that stands for a key.
    private var maskedCount = 0

    init(run: RunDescription) {
        apis = Dictionary(run.targets.map { ($0.name, $0.api) }, uniquingKeysWith: { first, _ in first })
    }

    /// Counts a record and returns it as its stored body gives it, else as it is stored.
    mutating func decode(_ record: StreamRecord) -> StreamRecord {
        requestCount += 1
        // Without a response there is nothing that a decoder could judge.
        guard record.httpStatus != nil, let again = again(record) else {
            countUndecoded(record)
            return record
        }
        decodedCount += 1
        if again != record {
            changedCount += 1
            if record.rawBody?.firstRange(of: Redaction.mark) != nil { maskedCount += 1 }
        }
        return again
    }

    private mutating func countUndecoded(_ record: StreamRecord) {
        if record.bytesReceived == 0 {
            bodilessCount += 1
        } else if record.hasCutBody {
            cutCount += 1
        } else if record.rawBody != nil {
            alteredCount += 1
        }
    }

    /// A record as its stored body gives it; nil where there is none.
    func again(_ record: StreamRecord) -> StreamRecord? { record.decodedAgain(as: apis[record.target] ?? "") }

    /// How many requests could be decoded again, and why the others could not, for people.
    var note: String {
        let unstored = requestCount - decodedCount - bodilessCount - cutCount - alteredCount
        let reasons = [
            (bodilessCount, "got no body"),
            (cutCount, "had a body of more than the 16 MiB that are kept"),
            (alteredCount, "had a key taken out of their stored body"),
            (unstored, "lack raw bytes and keep their stored events (store: {raw: all} keeps every body)"),
        ]
        let changed = changedCount == 0 ? "none" : String(changedCount)
        return "recomputed: \(decodedCount) of \(requestCount) requests decoded again, "
            + "\(changed) of them differently"
            + (maskedCount == 0 ? "" : " (\(maskedCount) with ***, which may stand for a masked key)")
            + reasons.filter { $0.0 > 0 }.map { "; \($0.0) \($0.1)" }.joined()
    }
}
