import Metrics
import Store
import Timeline

/// The targets of all runs of the last hours or days, each with the summaries of its runs.
struct ComparedSessions {
    let database: String
    /// Runs that began no longer ago than this count.
    let since: Nanoseconds
    /// The scenarios whose runs count; none means all.
    let scenarios: [String]

    typealias Session = (label: String, summaries: [TargetSummary])

    /// What makes runs comparable: the same scenario in every key, and the same target.
    private struct Key: Hashable {
        var scenario: String
        var hash: String
        var target: String
    }

    func load() throws -> [Session] {
        var summaries: [Key: [TargetSummary]] = [:]
        var order: [Key] = []
        for run in try runs() {
            let summary = try StoredRun(run.id, database: database).summary()
            for target in summary.targets {
                let key = Key(scenario: run.scenarioName, hash: run.scenarioHash, target: target.target.name)
                if summaries[key] == nil { order.append(key) }
                summaries[key, default: []].append(target)
            }
        }
        return order.map { key in (label: Self.label(key, among: order), summaries: summaries[key] ?? []) }
    }

    /// The runs that went to their end; pairs are another kind of load.
    private func runs() throws -> [RunDescription] {
        let earliest = MonotonicClock.wallClockLabel() - since.count
        let runs = try RunReader(path: database).runs().map(\.run)
        for name in scenarios where !runs.contains(where: { $0.scenarioName == name }) {
            let known = Set(runs.map(\.scenarioName)).sorted().joined(separator: ", ")
            throw Complaint(
                "no run of a scenario named '\(name)' in \(database); there are runs of \(known)",
                ExitStatus.malformedInput)
        }
        return runs.filter { run in
            run.status == .finished && run.pairedDesign == nil && run.startedWallClock >= earliest
                && (scenarios.isEmpty || scenarios.contains(run.scenarioName))
        }
    }

    /// The target's name; with the scenario's where several have it, and its hash where that does not tell.
    private static func label(_ key: Key, among keys: [Key]) -> String {
        let named = keys.filter { $0.target == key.target }
        guard named.count > 1 else { return key.target }
        let alike = named.filter { $0.scenario == key.scenario }
        return "\(key.target) (\(key.scenario)\(alike.count > 1 ? " \(key.hash.prefix(6))" : ""))"
    }
}
