import ArgumentParser
import Scenarios
import Timeline

/// The two targets of a comparison in pairs, from what the command line says of them.
struct PairedScenario {
    let source: String
    let overrides: [String]
    let baseline: String?
    let candidate: String?
    let baselineOverrides: [String]
    let candidateOverrides: [String]
    /// Whether the baseline is to be compared with itself.
    let isSame: Bool

    /// Reads the scenario with the baseline as its first target and the candidate as its second, and no other.
    func load() throws -> Scenario {
        let (before, after) = try names()
        var scenario: Scenario
        if before == after {
            scenario = try read(before, baselineOverrides)
            let changed = try read(before, candidateOverrides)
            scenario.overrides += qualified(candidateOverrides, before)
            scenario.targets = [scenario.targets[0], changed.targets[0]]
            scenario.targets[0].name = "\(before)-baseline"
            scenario.targets[1].name = "\(before)-candidate"
        } else {
            scenario = try Scenario(
                contentsOf: source,
                overrides: overrides + qualified(baselineOverrides, before) + qualified(candidateOverrides, after),
                environment: Environment.all, vocabulary: .current, onlyTargets: [before, after])
            if scenario.targets[0].name == after { scenario.targets.swapAt(0, 1) }
        }
        guard case .closed = scenario.load else {
            throw Complaint(
                "\(source): pairs follow each other, so load must be closed; add --set load.closed.concurrency=1",
                ExitStatus.badScenario)
        }
        guard scenario.cancellation == nil else {
            throw Complaint(
                "\(source): pairs compare whole answers, so nothing is cancelled in them; leave out cancel",
                ExitStatus.badScenario)
        }
        guard !scenario.targets.contains(where: { $0.wholeOf != nil }) else {
            throw Complaint(
                "\(source): pairs compare two targets, each asked in one way; write request: {stream: true} or false",
                ExitStatus.badScenario)
        }
        // What fails has failed: a pair is two requests, not the better ones of many.
        scenario.retries = 0
        for index in scenario.targets.indices { scenario.targets[index].reconnects = false }
        scenario.isInterleaved = true
        return scenario
    }

    private func read(_ name: String, _ own: [String]) throws(ScenarioError) -> Scenario {
        try Scenario(
            contentsOf: source, overrides: overrides + qualified(own, name), environment: Environment.all,
            vocabulary: .current, onlyTargets: [name])
    }

    private func qualified(_ overrides: [String], _ name: String) -> [String] {
        overrides.map { "targets.\(name).\($0)" }
    }

    private func names() throws -> (String, String) {
        let hasChange = isSame || !baselineOverrides.isEmpty || !candidateOverrides.isEmpty
        if isSame, candidate != nil || !candidateOverrides.isEmpty || !baselineOverrides.isEmpty {
            throw Complaint(
                "--same compares the baseline with itself: leave out --candidate, --baseline-set and --candidate-set",
                .validationFailure)
        }
        if let baseline, let candidate {
            guard baseline != candidate || hasChange else { throw sameTwice(baseline) }
            return (baseline, candidate)
        }
        let all = try Scenario(
            contentsOf: source, overrides: overrides, environment: Environment.all, vocabulary: .current,
            unconfiguredTargets: .skip)
        let names = all.targets.map(\.name) + all.skipped.keys.sorted()
        if isSame { return try one(baseline ?? candidate, of: names) }
        if names.count == 2 {
            if let baseline, names.contains(baseline) { return (baseline, names[0] == baseline ? names[1] : names[0]) }
            if let candidate, names.contains(candidate) {
                return (names[0] == candidate ? names[1] : names[0], candidate)
            }
            if baseline == nil, candidate == nil { return (names[0], names[1]) }
        }
        guard hasChange else {
            if names.count == 1 { throw sameTwice(names[0]) }
            throw Complaint(
                "\(source) has the targets \(names.joined(separator: ", ")): say --baseline NAME --candidate NAME",
                .validationFailure)
        }
        return try one(baseline ?? candidate, of: names)
    }

    private func one(_ name: String?, of names: [String]) throws -> (String, String) {
        guard let name = name ?? (names.count == 1 ? names[0] : nil) else {
            throw Complaint(
                "\(source) has the targets \(names.joined(separator: ", ")): say which with --baseline NAME",
                .validationFailure)
        }
        return (name, name)
    }

    private func sameTwice(_ name: String) -> Complaint {
        Complaint(
            "\(source): '\(name)' against itself says nothing of a change; say what differs with --candidate-set "
                + "KEY=VALUE, such as --candidate-set model=NAME, or measure the noise with --same", .validationFailure)
    }
}
