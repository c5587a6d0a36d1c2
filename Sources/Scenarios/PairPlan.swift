package import Timeline

/// The requests of a comparison in pairs, a pure function of the scenario, its seed and the run's name.
///
/// A pair is the same prompt to both targets, one right after the other, or the same block of prompts where they cannot
/// alternate; a coin of the seed decides which comes first.
/// Each request begins with a word of its own, so that the second cannot profit from what a cache kept of the first, nor
/// one run from another.
package struct PairPlan: Sendable {
    /// The first target of the scenario is the baseline, the second the candidate.
    private let scenario: Scenario
    private let runID: String
    private let warmup: Int
    private let pairsPerConnection: Int
    private let requestsPerBlock: Int
    private let prompts: [Prompt]
    /// Whether both targets are reached through the same connections.
    private let sharesConnections: Bool

    /// Pairs that prepare the servers where the scenario does not say how many.
    package static let defaultWarmup = 2

    package init(_ scenario: Scenario, runID: String, pairsPerConnection: Int, requestsPerBlock: Int = 1) {
        self.scenario = scenario
        self.runID = runID
        self.pairsPerConnection = pairsPerConnection
        self.requestsPerBlock = requestsPerBlock
        warmup = scenario.warmup ?? Self.defaultWarmup
        var generator = SeededGenerator(seed: scenario.seed, purpose: "prompt order")
        prompts = scenario.prompts.shuffled(using: &generator)
        sharesConnections = Set(scenario.targets.map { Self.server(of: $0.baseURL) }).count == 1
    }

    /// The pairs of single requests that come before the measured ones.
    package var warmupPairs: [[PlannedRequest]] {
        (0..<warmup).map { pair(at: $0, of: 1, phase: .warmup, firstIndex: 2 * $0) }
    }

    /// Some of the measured pairs, each in the order in which it is to be sent: first all requests to one target.
    package func pairs(_ range: Range<Int>) -> [[PlannedRequest]] {
        range.map {
            pair(at: $0, of: requestsPerBlock, phase: .measured, firstIndex: 2 * (warmup + requestsPerBlock * $0))
        }
    }

    private func pair(at position: Int, of size: Int, phase: RequestPhase, firstIndex: Int) -> [PlannedRequest] {
        let name = "\(phase.rawValue) \(position)"
        var coin = SeededGenerator(seed: scenario.seed, purpose: "pair order \(name)")
        let start = Int(coin.next() >> 63)
        return (0..<2 * size).map { place in
            let (turn, member) = place.quotientAndRemainder(dividingBy: size)
            let ordinal = position * size + member
            return PlannedRequest(
                index: firstIndex + place, targetIndex: turn == 0 ? start : 1 - start, phase: phase,
                prompt: marked(prompts[ordinal % prompts.count], purpose: "\(name) \(place)"),
                pairIndex: phase == .measured ? position : nil,
                closesConnection: closesConnection(after: ordinal, turn: turn, isLast: member == size - 1))
        }
    }

    /// A block's last connection is closed too: the next of that target comes much later.
    private func closesConnection(after ordinal: Int, turn: Int, isLast: Bool) -> Bool {
        if requestsPerBlock > 1, isLast { return true }
        return (ordinal + 1).isMultiple(of: pairsPerConnection)
            && (turn == 1 || requestsPerBlock > 1 || !sharesConnections)
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
