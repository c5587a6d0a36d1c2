import Scenarios
import Testing
import Timeline

/// The words that the tests' scenarios may use.
let vocabulary = ScenarioVocabulary(
    apis: [
        "openai-chat", "openai-completions", "openai-responses", "azure-openai", "anthropic", "gemini", "bedrock",
        "cohere", "mistral", "ollama", "tgi", "llama-cpp",
    ],
    metrics: [
        "ttft": MetricKind(.milliseconds), "tpot": MetricKind(.milliseconds), "e2e": MetricKind(.milliseconds),
        "itl": MetricKind(.milliseconds, isOnePerRequest: false), "stalls": MetricKind(.count),
        "success": MetricKind(.share, isOnePerRun: true), "stutter_index": MetricKind(.share, isHigherBetter: false),
        "output_throughput": MetricKind(.rate, isOnePerRun: true),
    ], metricFamilies: ["time_to_field.": MetricKind(.milliseconds)], apisWithoutTools: ["tgi"],
    apisWithoutSchema: ["bedrock"],
    faultPlaces: ["bad-crc": ["bedrock"], "bom": ["openai-chat", "anthropic"]])

/// Reads a text as the file `s.yaml`.
func read(
    _ text: String, set overrides: [String] = [], environment: [String: String] = [:],
    unconfigured: Scenario.UnconfiguredTargets = .refuse, only: [String] = []
) throws(ScenarioError) -> Scenario {
    try Scenario(
        text: text, file: "/scenarios/s.yaml", overrides: overrides, environment: environment, vocabulary: vocabulary,
        unconfiguredTargets: unconfigured, onlyTargets: only)
}

/// What is wrong with a text, a line per problem, without the folder.
func problems(
    _ text: String, set overrides: [String] = [], environment: [String: String] = [:], only: [String] = []
) -> [String] {
    do {
        _ = try read(text, set: overrides, environment: environment, only: only)
        return []
    } catch {
        return error.problems.map { problem in
            let line = problem.description
            return line.hasPrefix("/scenarios/") ? String(line.dropFirst("/scenarios/".count)) : line
        }
    }
}

/// A whole scenario around a piece of it: one simulated target and a load, on the lines 2 and 3.
func around(_ text: String) -> String {
    "\(text)\ntargets: [{simulate: gpt-4o-mini}]\nload: {closed: {concurrency: 1}, requests: 1}\n"
}

/// A whole scenario with one real target whose members start at line 2, column 5.
func target(_ members: String) -> String {
    """
    targets:
      - name: a
        api: openai-chat
        base_url: http://127.0.0.1/v1
        model: m
        \(members)
    load: {closed: {concurrency: 1}, requests: 1}

    """
}
