import Runner
import Timeline

/// A run's records with every body that is stored decoded again; nothing in the database changes.
struct Recomputation {
    private let apis: [String: String]
    private var requestCount = 0
    private var decodedCount = 0
    private var changedCount = 0

    init(run: RunDescription) {
        apis = Dictionary(run.targets.map { ($0.name, $0.api) }, uniquingKeysWith: { first, _ in first })
    }

    /// Counts a record and returns it as its stored body gives it, else as it is stored.
    mutating func decode(_ record: StreamRecord) -> StreamRecord {
        requestCount += 1
        guard let again = again(record) else { return record }
        decodedCount += 1
        if again != record { changedCount += 1 }
        return again
    }

    /// A record as its stored body gives it; nil where there is none.
    func again(_ record: StreamRecord) -> StreamRecord? { record.decodedAgain(as: apis[record.target] ?? "") }

    /// How many requests could be decoded again, for people.
    var note: String {
        let missing = requestCount - decodedCount
        let kept =
            missing == 0
            ? "" : "; \(missing) lack raw bytes and keep their stored events (store: {raw: all} keeps every body)"
        let changed = changedCount == 0 ? "none" : String(changedCount)
        return "recomputed: \(decodedCount) of \(requestCount) requests decoded again, "
            + "\(changed) of them differently\(kept)"
    }
}
