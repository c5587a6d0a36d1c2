/// The result files of other tools that become runs.
package enum ImportFormat: String, Sendable, CaseIterable {
    /// What `vllm bench serve --save-result --save-detailed` writes.
    case vllm
    /// AIPerf's `profile_export.jsonl`.
    case aiperf
    /// GuideLLM's `benchmarks.json`.
    case guidellm
    /// LLMPerf's `..._individual_responses.json`.
    case llmperf

    /// The tool's name as its makers write it.
    package var tool: String {
        switch self {
        case .vllm: "vLLM"
        case .aiperf: "AIPerf"
        case .guidellm: "GuideLLM"
        case .llmperf: "LLMPerf"
        }
    }

    /// What the file is called that a person should give.
    var file: String {
        switch self {
        case .vllm: "vLLM's result file (vllm bench serve --save-result --save-detailed)"
        case .aiperf: "AIPerf's profile_export.jsonl"
        case .guidellm: "GuideLLM's benchmarks.json"
        case .llmperf: "LLMPerf's individual responses (..._individual_responses.json)"
        }
    }

    /// Recognises a file by what it holds; nil where it is none of them.
    static func recognised(_ document: ImportedDocument) -> ImportFormat? {
        let first = document.values.first
        if first?["metadata"] != nil, first?["metrics"] != nil { return .aiperf }
        guard document.values.count == 1 else { return nil }
        if first?["benchmarks"] != nil { return .guidellm }
        if first?["ttfts"] != nil || first?["backend"] != nil && first?["duration"] != nil { return .vllm }
        let response = first?.arrayValue?.first
        return response?["ttft_s"] != nil || response?["inter_token_latency_s"] != nil ? .llmperf : nil
    }

    /// All formats with their files, for messages.
    static let list = allCases.map { "\($0.rawValue): \($0.file)" }.joined(separator: "; ")
}
