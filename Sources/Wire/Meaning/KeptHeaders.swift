import Timeline

/// Chooses the response headers that are worth storing: a list of what is wanted, so that no secret slips through.
enum KeptHeaders {
    private static let names: Set<String> = [
        // Ids.
        "x-request-id", "request-id", "apim-request-id", "x-amzn-requestid", "x-generation-id", "cf-ray",
        "x-ms-region", "x-groq-region", "anthropic-organization-id", "openai-organization", "openai-version",
        "azureml-model-session", "mistral-correlation-id", "traceparent",
        // Limits.
        "retry-after", "retry-after-ms", "x-should-retry",
        // Server timings.
        "openai-processing-ms", "server-timing", "x-envoy-upstream-service-time", "x-response-time", "x-process-time",
        "x-compute-time", "x-total-time", "x-inference-time", "x-queue-time", "x-validation-time",
        "x-time-per-token", "x-compute-type", "x-compute-characters", "date",
        // Caches and content.
        "age", "x-cache", "x-cache-hits", "cf-cache-status", "cache-control", "via", "server", "content-type",
        "content-encoding", "content-length", "transfer-encoding", "x-accel-buffering",
    ]
    private static let prefixes = ["x-ratelimit", "ratelimit", "anthropic-ratelimit-"]

    static func choose(from headers: [HeaderField]) -> [HeaderField] {
        headers.filter { header in
            let name = header.name.lowercased()
            return names.contains(name) || prefixes.contains { name.hasPrefix($0) }
        }
    }

    /// What the headers say of a cache that answered in the server's place; nil where they say nothing of one.
    static func cacheHit(in headers: [HeaderField]) -> String? {
        let hit = headers.first { header in
            switch header.name.lowercased() {
            case "age", "x-cache-hits": header.value.contains { ("1"..."9").contains($0) }
            case "x-cache", "cf-cache-status": header.value.lowercased().contains("hit")
            default: false
            }
        }
        return hit.map { "the response came from a cache: \($0.name.lowercased()) is \($0.value)" }
    }
}
