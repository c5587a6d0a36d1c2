import Timeline
import Wire

/// A decoded response as JSON lines: one for each event, and one for what the response was.
struct DecodedLines {
    private let stream: DecodedStream

    init(_ stream: DecodedStream) { self.stream = stream }

    var text: String {
        let events = stream.events.enumerated().map { Self.value(of: $1, at: $0) }
        return (events + [outcome]).map { "\($0.text)\n" }.joined()
    }

    /// One server-sent event as the standard dispatches it.
    static func line(of event: WireEvent) -> String {
        let value: JSONValue = [
            "event": .string(event.type), "data": .string(String(decoding: event.data, as: UTF8.self)),
            "id": .string(String(decoding: event.identifier, as: UTF8.self)),
        ]
        return "\(value.text)\n"
    }

    private static func value(of event: DecodedEvent, at index: Int) -> JSONValue {
        [
            "index": .integer(index), "kind": .string(event.kind.rawValue), "text": optional(event.text),
            "tokens": optional(event.tokens), "read": .integer(event.readIndex),
            "wire_bytes": .integer(event.wireBytes), "choice": .integer(event.choice),
            "characters": .integer(event.characters), "content_bytes": .integer(event.contentBytes),
        ]
    }

    private var outcome: JSONValue {
        [
            "outcome": .string(stream.outcome.outcomeClass.rawValue), "detail": Self.optional(stream.outcome.detail),
            "message": Self.optional(stream.outcome.message), "text": .string(text(of: .text)),
            "reasoning": .string(text(of: .reasoning)), "tool": .string(text(of: .tool)),
            "refusal": .string(text(of: .refusal)), "finish_reason": Self.optional(stream.finishReason),
            "usage": stream.usage.map(Self.value(of:)) ?? .null, "served_model": Self.optional(stream.servedModel),
            "response_id": Self.optional(stream.responseID),
            "system_fingerprint": Self.optional(stream.systemFingerprint),
            "server_timings": stream.serverTimings ?? .null,
            "warnings": .array(stream.warnings.map(JSONValue.string)),
        ]
    }

    /// The content of one kind, of the first of several answers.
    private func text(of kind: StreamEvent.Kind) -> String {
        let choice = stream.events.filter(\.kind.isContent).map(\.choice).min()
        return stream.events.filter { $0.kind == kind && $0.choice == choice }.compactMap(\.text).joined()
    }

    private static func value(of usage: TokenUsage) -> JSONValue {
        [
            "input": optional(usage.input), "output": optional(usage.output), "reasoning": optional(usage.reasoning),
            "cached": optional(usage.cached),
        ]
    }

    private static func optional(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }
    private static func optional(_ count: Int?) -> JSONValue { count.map(JSONValue.integer) ?? .null }
}
