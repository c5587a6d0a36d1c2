import Scenarios
import Timeline

@testable import Runner

/// Reads a scenario with a load in YAML, whose targets are called `a`, `b` and `c`.
func scenario(_ load: String, targets: Int = 1, order: String = "interleaved") throws -> Scenario {
    let names = ["a", "b", "c"].prefix(targets).map { "{name: \($0), simulate: gpt-4o}" }.joined(separator: ", ")
    return try scenario(whole: "targets: [\(names)]\nload: \(load)\norder: \(order)\n")
}

/// Reads a scenario.
func scenario(whole text: String) throws -> Scenario {
    try Scenario(
        text: text, file: "/s.yaml", overrides: [], environment: [:],
        vocabulary: ScenarioVocabulary(apis: ["openai-chat"], metrics: [:]), unconfiguredTargets: .refuse,
        onlyTargets: [])
}

/// Makes the lanes of a scenario.
func lanes(of scenario: Scenario) -> [DispatchLane] {
    let plan = RequestPlan(scenario, seed: scenario.seed)
    return scenario.targets.indices.map {
        DispatchLane(
            requests: plan.lane(of: $0), load: scenario.load, amount: scenario.amount,
            connectionLimit: scenario.targets[$0].maxConnections)
    }
}

/// An instant at so many milliseconds.
func at(_ milliseconds: Double) -> Instant { Instant(nanoseconds: 0) + .milliseconds(milliseconds) }
