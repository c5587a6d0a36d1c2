package import Timeline

/// The requests of a comparison in pairs, a pure function of the scenario, its seed and the run's name.
///
/// A pair is the same prompt to both targets, one right after the other; a coin of the seed decides which comes first.
/// Each request begins with a word of its own, so that the second cannot profit from what a cache kept of the first, nor
/// one run from another.
package struct PairPlan: Sendable {
    /// The first target of the scenario is the baseline, the second the candidate.
    private let scenario: Scenario
    private let runID: String
    private let warmup: Int
    private let pairsPerConnection: Int
    private let prompts: [Prompt]
    /// Whether both targets are reached through the same connections.
    private let sharesConnections: Bool

    /// Pairs that prepare the servers where the scenario does not say how many.
    package static let defaultWarmup = 2

    package init(_ scenario: Scenario, runID: String, pairsPerConnection: Int) {
        self.scenario = scenario
        self.runID = runID
        self.pairsPerConnection = pairsPerConnection
        warmup = scenario.warmup ?? Self.defaultWarmup
        var generator = SeededGenerator(seed: scenario.seed, purpose: "prompt order")
        prompts = scenario.prompts.shuffled(using: &generator)
        sharesConnections = Set(scenario.targets.map { Self.server(of: $0.baseURL) }).count == 1
    }

    /// The pairs that come before the measured ones.
    package var warmupPairs: [[PlannedRequest]] {
        (0..<warmup).map { pair(at: $0, phase: .warmup) }
    }

    /// Some of the measured pairs, each in the order in which it is to be sent.
    package func pairs(_ range: Range<Int>) -> [[PlannedRequest]] { range.map { pair(at: $0, phase: .measured) } }

    private func pair(at position: Int, phase: RequestPhase) -> [PlannedRequest] {
        let name = "\(phase.rawValue) \(position)"
        var coin = SeededGenerator(seed: scenario.seed, purpose: "pair order \(name)")
        let start = Int(coin.next() >> 63)
        let ordinal = (phase == .measured ? warmup : 0) + position
        let prompt = prompts[position % prompts.count]
        return [start, 1 - start].enumerated().map { turn, target in
            PlannedRequest(
                index: 2 * ordinal + turn, targetIndex: target, phase: phase,
                prompt: marked(prompt, purpose: "\(name) \(turn)"),
                pairIndex: phase == .measured ? position : nil,
                closesConnection: (position + 1).isMultiple(of: pairsPerConnection)
                    && (turn == 1 || !sharesConnections))
        }
    }

    /// The scheme, the host and the port.
    private static func server(of url: String) -> String {
        url.split(separator: "/", maxSplits: 3, omittingEmptySubsequences: false).prefix(3).joined(separator: "/")
    }

    /// The prompt behind a made-up word: in the first message, since caches compare from the beginning.
    private func marked(_ prompt: Prompt, purpose: String) -> Prompt {
        var generator = SeededGenerator(seed: scenario.seed, purpose: "pair nonce \(runID) \(purpose)")
        let letters = Array("abcdefghijklmnopqrstuvwxyz")
        let word = String((0..<12).map { _ in letters[Int.random(in: 0..<letters.count, using: &generator)] })
        var marked = Prompt(id: "\(prompt.id)/\(word)", messages: prompt.messages)
        if marked.messages.isEmpty { return marked }
        marked.messages[0].content = "\(word) \(marked.messages[0].content)"
        return marked
    }
}

extension Scenario {
    /// The scenario with the prompts of some requests in place of its own, so that their bodies can be made beforehand.
    package func asking(_ pairs: [[PlannedRequest]]) -> Scenario {
        var scenario = self
        scenario.prompts = pairs.flatMap { $0.map(\.prompt) }
        return scenario
    }
}
