package import Timeline

/// What a measurement has to make of a stream that the simulator plays wrongly, or oddly and yet well.
package struct FaultOutcome: Sendable {
    /// The name as `simulate: {fault: NAME}` has it.
    package var fault: String
    /// The outcome of an attempt that meets it, unless the API says otherwise.
    package var outcome: OutcomeClass
    /// Other outcomes by the names of APIs.
    package var exceptions: [String: OutcomeClass]
    /// The APIs whose streams have a place for it; nil means all.
    ///
    /// The others answer with status 501.
    package var apis: Set<String>?

    private init(
        _ fault: String, _ outcome: OutcomeClass, exceptions: [String: OutcomeClass] = [:],
        only apis: Set<String>? = nil
    ) {
        self.fault = fault
        self.outcome = outcome
        self.exceptions = exceptions
        self.apis = apis
    }

    /// The outcome that is right for an API; nil where the API's streams have no place for the fault.
    package func outcome(of api: String) -> OutcomeClass? {
        if let apis, !apis.contains(api) { return nil }
        return exceptions[api] ?? outcome
    }

    package static let apis = [
        "openai-chat", "openai-completions", "openai-responses", "azure-openai", "anthropic", "gemini", "bedrock",
        "cohere", "mistral", "ollama", "tgi", "llama-cpp",
    ]

    /// APIs of which nothing follows the finish reason's event, so that without it a stream is cut short.
    private static let endingWithReason = [
        "openai-responses", "gemini", "bedrock", "cohere", "ollama", "tgi", "llama-cpp",
    ]
    private static let serverSentEvents = Set(apis).subtracting(["bedrock", "ollama"])
    private static let withTerminal: Set = [
        "openai-chat", "openai-completions", "azure-openai", "anthropic", "mistral",
    ]
    /// APIs whose finish reason has an event of its own.
    private static let withFinish = Set(apis).subtracting(["openai-completions", "mistral", "tgi"])
    private static let withChoices: Set = ["openai-chat", "openai-completions", "azure-openai", "mistral"]

    /// Every fault, in the order of `StreamScript.faults`.
    package static let all: [FaultOutcome] = inPlaceOfStream + inHead + inFraming + inEvents + inBytes

    private static let inPlaceOfStream = [
        FaultOutcome("truncated", .truncated),
        FaultOutcome("truncated-mid-json", .truncated),
        FaultOutcome("reset", .transportError),
        FaultOutcome("error-event", .streamError),
        FaultOutcome("error-then-done", .streamError),
        FaultOutcome(
            "no-done", .okSloppyEnd,
            exceptions: Dictionary(uniqueKeysWithValues: endingWithReason.map { ($0, OutcomeClass.truncated) })),
        FaultOutcome("http-401", .httpError),
        FaultOutcome("http-429", .httpError),
        FaultOutcome("http-500", .httpError),
        FaultOutcome("html", .protocolError),
        FaultOutcome("stall", .timeoutStall),
        FaultOutcome("comments-forever", .timeoutFirstToken, only: serverSentEvents),
        FaultOutcome("invalid-json", .protocolError),
        FaultOutcome("reset-before-headers", .transportError),
        FaultOutcome("close-before-headers", .transportError),
        // libcurl sends the request again by itself; the second attempt has to show.
        FaultOutcome("close-on-reuse", .ok),
        FaultOutcome("stall-before-headers", .timeoutHeaders),
        FaultOutcome("no-status-line", .protocolError),
        FaultOutcome("tls-bytes", .protocolError),
        FaultOutcome("http-204", .protocolError),
        FaultOutcome("http-302", .httpError),
        FaultOutcome("http-307", .httpError),
        FaultOutcome("http-503", .httpError),
        FaultOutcome("http-529", .httpError),
        FaultOutcome("http-429-ms", .httpError),
        FaultOutcome("http-429-date", .httpError),
        FaultOutcome("http-429-float", .httpError),
        FaultOutcome("http-429-negative", .httpError),
        FaultOutcome("http-429-far", .httpError),
        FaultOutcome("http-429-retry", .httpError),
        FaultOutcome("http-429-no-retry", .httpError),
        FaultOutcome("http-429-html", .httpError),
        FaultOutcome("json-error", .streamError),
        FaultOutcome("not-streamed", .protocolError),
        FaultOutcome("empty-body", .truncated),
    ]

    private static let inHead = [
        FaultOutcome("early-hints", .ok),
        FaultOutcome("huge-headers", .protocolError),
        FaultOutcome("wrong-content-type", .protocolError),
        FaultOutcome("gzip", .protocolError),
        FaultOutcome("gzip-truncated", .protocolError),
        FaultOutcome("unknown-encoding", .protocolError),
        FaultOutcome("same-answer", .ok),
    ]

    private static let inFraming = [
        FaultOutcome("truncated-in-chunk", .truncated),
        FaultOutcome("truncated-with-length", .truncated),
        FaultOutcome("short-body", .truncated),
        FaultOutcome("long-body", .truncated),
        FaultOutcome("bad-chunk-size", .protocolError),
        FaultOutcome("chunk-size-overflow", .protocolError),
        FaultOutcome("chunk-without-crlf", .protocolError),
        FaultOutcome("chunk-extensions", .ok),
        FaultOutcome("late-close", .ok),
    ]

    private static let inEvents = [
        FaultOutcome("stall-before-token", .timeoutFirstToken),
        FaultOutcome("stall-with-comments", .timeoutStall, only: serverSentEvents),
        FaultOutcome("error-first", .streamError),
        FaultOutcome("bare-json-error", .streamError, only: serverSentEvents),
        // Where the last event says by its type or a flag of its own that the answer is over, a reason adds nothing to it.
        FaultOutcome(
            "no-finish", .truncated,
            exceptions: ["openai-responses": .ok, "ollama": .ok, "tgi": .ok, "llama-cpp": .ok]),
        FaultOutcome("finish-twice", .ok, only: withFinish),
        FaultOutcome("done-twice", .ok, only: withTerminal),
        FaultOutcome("done-without-blank-line", .okSloppyEnd, only: withTerminal),
        // Gemini has no end marker: content behind the finish shows that the finish was not the end.
        FaultOutcome("content-after-finish", .ok, exceptions: ["gemini": .truncated], only: withFinish),
        FaultOutcome("content-after-done", .ok, exceptions: ["gemini": .truncated]),
        FaultOutcome("usage-before-finish", .ok, only: withFinish),
        FaultOutcome("usage-twice", .ok, only: withFinish),
        FaultOutcome("no-usage", .ok),
        FaultOutcome("usage-zero", .ok),
        FaultOutcome("usage-wrong", .ok),
        FaultOutcome("two-choices", .ok, only: withChoices.union(["gemini"])),
        FaultOutcome("odd-choices", .ok, only: withChoices),
        FaultOutcome("unknown-event", .ok),
    ]

    private static let inBytes = [
        FaultOutcome("invalid-utf8", .ok),
        FaultOutcome("nul-in-text", .ok),
        FaultOutcome("split-surrogates", .ok),
        FaultOutcome("odd-json", .ok),
        FaultOutcome("deep-json", .protocolError),
        FaultOutcome("huge-event", .protocolError),
        FaultOutcome("bom", .ok, only: serverSentEvents),
        FaultOutcome("crlf", .ok, only: Set(apis).subtracting(["bedrock"])),
        FaultOutcome("cr", .ok, only: serverSentEvents),
        FaultOutcome("bad-crc", .protocolError, only: ["bedrock"]),
        FaultOutcome("bad-frame-length", .protocolError, only: ["bedrock"]),
        FaultOutcome("byte-by-byte", .ok),
        FaultOutcome("one-segment", .ok),
        FaultOutcome("two-per-segment", .ok),
    ]
}
