import Runner
import Timeline

/// A run's records with every body that is stored decoded again; nothing in the database changes.
struct Recomputation {
    private let apis: [String: String]
    private var requestCount = 0
    private var decodedCount = 0
    private var changedCount = 0
    /// Requests that no setting could have stored a body of.
    private var bodilessCount = 0
    private var alteredCount = 0

    init(run: RunDescription) {
        apis = Dictionary(run.targets.map { ($0.name, $0.api) }, uniquingKeysWith: { first, _ in first })
    }

    /// Counts a record and returns it as its stored body gives it, else as it is stored.
    mutating func decode(_ record: StreamRecord) -> StreamRecord {
        requestCount += 1
        guard let again = again(record) else {
            if record.rawBody != nil { alteredCount += 1 } else if record.bytesReceived == 0 { bodilessCount += 1 }
            return record
        }
        decodedCount += 1
        if again != record { changedCount += 1 }
        return again
    }

    /// A record as its stored body gives it; nil where there is none.
    func again(_ record: StreamRecord) -> StreamRecord? { record.decodedAgain(as: apis[record.target] ?? "") }

    /// How many requests could be decoded again, and why the others could not, for people.
    var note: String {
        let unstored = requestCount - decodedCount - bodilessCount - alteredCount
        let reasons = [
            (bodilessCount, "got no body"), (alteredCount, "had a key taken out of their stored body"),
            (unstored, "lack raw bytes and keep their stored events (store: {raw: all} keeps every body)"),
        ]
        let changed = changedCount == 0 ? "none" : String(changedCount)
        return "recomputed: \(decodedCount) of \(requestCount) requests decoded again, "
            + "\(changed) of them differently"
            + reasons.filter { $0.0 > 0 }.map { "; \($0.0) \($0.1)" }.joined()
    }
}
