import Metrics
import Runner
import Timeline

/// A run's samples with every body that is stored decoded again; nothing in the database changes.
struct Recomputation {
    private(set) var samples: RunSamples
    private let apis: [String: String]
    private var requestCount = 0
    private var decodedCount = 0
    private var changedCount = 0

    init(run: RunDescription) {
        samples = RunSamples(run: run)
        apis = Dictionary(run.targets.map { ($0.name, $0.api) }, uniquingKeysWith: { first, _ in first })
    }

    /// Adds a record as its stored body gives it, else as it is stored.
    mutating func add(_ record: StreamRecord) {
        requestCount += 1
        guard let again = record.decodedAgain(as: apis[record.target] ?? "") else { return samples.add(record) }
        decodedCount += 1
        if again != record { changedCount += 1 }
        samples.add(again)
    }

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
