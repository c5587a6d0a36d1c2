import Timeline

/// Chooses the response headers that are worth storing: a list of what is wanted, so that no secret slips through.
enum KeptHeaders {
    private static let names: Set<String> = [
        // Ids.
        "x-request-id", "request-id", "apim-request-id", "x-amzn-requestid", "x-generation-id", "cf-ray",
        "x-ms-region", "x-groq-region", "anthropic-organization-id", "openai-organization", "openai-version",
        "azureml-model-session", "traceparent",
        // Limits.
        "retry-after", "retry-after-ms", "x-should-retry",
        // Server timings.
        "openai-processing-ms", "server-timing", "x-envoy-upstream-service-time", "x-response-time", "x-process-time",
        "x-compute-time", "x-total-time", "x-inference-time", "x-queue-time", "x-validation-time",
        "x-time-per-token", "date",
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
}
