/// How an API divides a streamed body into events.
package enum WireFraming: Sendable {
    /// Server-sent events, as the WHATWG HTML standard has them.
    case serverSentEvents
    /// One JSON text a line (NDJSON).
    case jsonLines
    /// Length-prefixed binary messages with checksums, as AWS streams them (`application/vnd.amazon.eventstream`).
    case awsEventStream

    /// What a request for such a stream accepts, and its response has to be.
    package var contentType: String {
        switch self {
        case .serverSentEvents: "text/event-stream"
        case .jsonLines: "application/x-ndjson"
        case .awsEventStream: "application/vnd.amazon.eventstream"
        }
    }

    /// Whether a response of this content type, in lower case and without parameters, is such a stream.
    func accepts(_ essence: String) -> Bool {
        essence == contentType || (self == .jsonLines && Self.namesOfJSONLines.contains(essence))
    }

    private static let namesOfJSONLines: Set<String> = [
        "application/ndjson", "application/jsonl", "application/x-jsonlines", "application/stream+json",
    ]
}
