// What the server says of itself, and the client's figures less that.
extension MetricCatalogue {
    static let server: [MetricDefinition] = [
        MetricDefinition(
            name: "server_ttft", title: "Server TTFT", unit: .milliseconds,
            definition:
                "Time until the first token by the server's own word, as far as it tells: queue, loading, prompt.",
            formula: "llama.cpp prompt_ms; vLLM queue_time_ms + time_to_first_token_ms; Groq and Cerebras queue_time + "
                + "prompt_time; Ollama load_duration + prompt_eval_duration"),
        MetricDefinition(
            name: "server_e2e", title: "Server E2E", unit: .milliseconds,
            definition: "Time until the last token by the server's own word.",
            formula: "llama.cpp prompt_ms + predicted_ms; Groq queue_time + total_time; Cerebras total_time; Ollama "
                + "total_duration; Bedrock latencyMs; TGI x-total-time"),
        MetricDefinition(
            name: "ttft_residual", title: "TTFT - server", unit: .milliseconds,
            definition: "What the client waited beyond what the server owns up to: network, proxies, and queues before "
                + "it. Less than 0 cannot be, and is warned of.",
            formula: "ttft - server_ttft"),
        MetricDefinition(
            name: "e2e_residual", title: "E2E - server", unit: .milliseconds,
            definition: "What the client's whole time is longer than the server's.", formula: "e2e - server_e2e"),
        MetricDefinition(
            name: "headers_residual", title: "Headers - server", unit: .milliseconds,
            definition: "What the response's headers took beyond the time that they name.",
            formula: "headers complete - sent - the longest of openai-processing-ms, x-envoy-upstream-service-time and "
                + "Google's server-timing"),
    ]
}
