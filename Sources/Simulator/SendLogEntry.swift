package import Timeline

/// What the simulator did for one request: the ground truth that a measurement is held against.
///
/// All instants are of `CLOCK_MONOTONIC`; those of sends were taken immediately before the `send` call, with a second
/// one after it: a segment on loopback arrives between the two.
package struct SendLogEntry: Sendable, Equatable {
    /// What one send carried, as one letter of the log's `kinds`.
    package enum Kind: String, Sendable {
        /// An event before any token: OpenAI's role, Anthropic's start of the message and of the first block.
        case role = "r"
        case text = "t"
        /// Reasoning, which comes before the text.
        case reasoning = "h"
        /// A tool's name or a fragment of its arguments.
        case tool = "l"
        /// The finish reason, and the usage with it.
        case finish = "f"
        case comment = "c"
        /// An error event, a broken event, an answer with an error status.
        case error = "e"
    }

    package struct Send: Sendable, Equatable {
        package var instant: Instant
        /// When the `send` call had returned.
        package var returned: Instant
        package var kind: Kind
        package var tokens: Int
    }

    /// A field of an answer in JSON.
    package struct Field: Sendable, Equatable {
        package var name: String
        /// How many tokens of the answer complete it.
        package var tokens: Int
    }

    package enum Status: String, Sendable {
        /// The answer was sent to its good end.
        case completed
        /// The client went away first, or the server was stopped.
        case disconnected
        /// The request was refused for what it asked.
        case failed
        /// The script's fault was played.
        case fault
    }

    /// The client's `X-Request-Id`; the simulator's own where it sent none.
    package var identifier: String
    package var target: String
    package var path: String
    package var model = ""
    package var isStream = false
    /// The most tokens that the request allowed; nil where it said nothing.
    package var askedTokens: Int?
    /// The connection's number, from 1.
    package var connection: Int
    /// The request's number on its connection, from 1.
    package var ordinal: Int
    /// The client's port.
    package var clientPort: UInt16
    package var accepted: Instant
    /// When the request's head had been read.
    package var headRead: Instant
    /// When the request's body had been read: the schedule starts here.
    package var bodyRead: Instant
    /// When the answer's head was sent.
    package var answered: Instant?
    package var sends: [Send] = []
    /// When the finish reason was sent.
    package var finished: Instant?
    /// When the terminal event was sent.
    package var done: Instant?
    package var ended: Instant
    package var status = Status.disconnected
    /// When it was noticed that the client had left; nil where it stayed to the end.
    package var noticed: Instant?
    /// Tokens that were made for a client that was known to have left, and that nobody was sent.
    package var unsentTokens = 0
    package var fault: String?
    /// The client's `Last-Event-ID`; nil where it sent none.
    package var lastEventID: String?
    /// The tool that the answer calls; nil for an answer in text.
    package var toolName: String?
    /// The fields of an answer in JSON, and how many tokens of the answer complete each.
    package var fields: [Field] = []
    package var promptCharacters = 0
    package var promptTokens = 0
    package var outputTokens = 0
    /// Sends that met a full socket, so that their bytes left later than the log says.
    package var blockedSends = 0
    /// How late the latest send was after its scheduled instant.
    package var latestBy = Nanoseconds.zero
    /// The texts that were sent; nil unless the log keeps them.
    package var text: String?
    package var reasoningText: String?
    package var toolArguments: String?

    /// The sends that carried tokens.
    package var contentSends: [Send] { sends.filter { $0.tokens > 0 } }

    /// When the first token was sent.
    package var firstTokenSent: Instant? { sends.first { $0.tokens > 0 }?.instant }
}

extension SendLogEntry {
    /// The entry as the send log has it: one JSON object, with the sends as four parallel arrays.
    package var json: JSONValue {
        let instant: (Instant?) -> JSONValue = { $0.map { .integer(Int($0.nanoseconds)) } ?? .null }
        let string: (String?) -> JSONValue = { $0.map(JSONValue.string) ?? .null }
        var json: JSONValue = [
            "id": .string(identifier), "target": .string(target), "path": .string(path), "model": .string(model),
            "stream": .bool(isStream), "asked_tokens": askedTokens.map(JSONValue.integer) ?? .null,
            "connection": .integer(connection), "ordinal": .integer(ordinal), "port": .integer(Int(clientPort)),
            "accepted_ns": instant(accepted), "head_ns": instant(headRead), "body_ns": instant(bodyRead),
            "answered_ns": instant(answered),
            "sends_ns": .array(sends.map { instant($0.instant) }),
            "returned_ns": .array(sends.map { instant($0.returned) }),
            "kinds": .string(sends.map(\.kind.rawValue).joined()),
            "tokens": .array(sends.map { .integer($0.tokens) }),
            "finish_ns": instant(finished), "done_ns": instant(done), "ended_ns": instant(ended),
            "noticed_ns": instant(noticed), "unsent_tokens": .integer(unsentTokens),
            "status": .string(status.rawValue), "fault": string(fault),
            "last_event_id": string(lastEventID),
            "tool": string(toolName),
            "fields": .object(fields.map { JSONValue.Member($0.name, .integer($0.tokens)) }),
            "prompt_characters": .integer(promptCharacters), "prompt_tokens": .integer(promptTokens),
            "output_tokens": .integer(outputTokens), "blocked": .integer(blockedSends),
            "late_max_ns": .integer(Int(latestBy.count)),
        ]
        if let text { json.merge("text", .string(text)) }
        if let reasoningText { json.merge("reasoning_text", .string(reasoningText)) }
        if let toolArguments { json.merge("tool_arguments", .string(toolArguments)) }
        return json
    }
}
