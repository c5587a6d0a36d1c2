import Timeline

@testable import Wire

/// Streams of Bedrock's ConverseStream, as AWS documents them and as they break.
enum BedrockRows {
    static let start = AWSMessage.event("messageStart", #"{"p":"abc","role":"assistant"}"#)
    static let blockStop = AWSMessage.event("contentBlockStop", #"{"contentBlockIndex":0}"#)
    static let metadata = AWSMessage.event(
        "metadata",
        #"{"usage":{"inputTokens":8,"outputTokens":5,"totalTokens":13,"cacheReadInputTokens":3},"metrics":{"latencyMs":321}}"#
    )
    static let throttling = AWSMessage.exception("throttlingException", #"{"message":"Too many tokens"}"#)

    static func delta(_ delta: String) -> [UInt8] {
        AWSMessage.event("contentBlockDelta", #"{"contentBlockIndex":0,"delta":\#(delta),"p":"abcdef"}"#)
    }

    static func text(_ text: String) -> [UInt8] { delta("{\"text\":\"\(text)\"}") }

    static func stop(_ reason: String) -> [UInt8] { AWSMessage.event("messageStop", "{\"stopReason\":\"\(reason)\"}") }

    static func capture(_ parts: [UInt8]...) -> Capture {
        var capture = Capture(type: "application/vnd.amazon.eventstream", "")
        capture.body = parts.flatMap { $0 }
        return capture
    }

    static func flipped(_ message: [UInt8], at position: Int) -> [UInt8] {
        var message = message
        message[position] ^= 1
        return message
    }

    private static let head = start + text("a") + text(" b") + blockStop
    static let good = head + stop("end_turn") + metadata

    static let complete: [OutcomeRow] = [
        OutcomeRow("a whole stream", capture(good), .ok, content: 2),
        OutcomeRow("the limit", capture(head, stop("max_tokens"), metadata), .ok, content: 2),
        OutcomeRow("no metadata", capture(head, stop("end_turn")), .okSloppyEnd, content: 2),
        OutcomeRow("metadata before the stop", capture(head, metadata, stop("end_turn")), .ok, content: 2),
        OutcomeRow("no content", capture(start, stop("end_turn"), metadata), .okEmpty),
        OutcomeRow(
            "a guardrail", capture(head, stop("guardrail_intervened"), metadata), .okRefused, "guardrail_intervened",
            content: 2),
        OutcomeRow("a filter", capture(start, stop("content_filtered"), metadata), .okRefused, "content_filtered"),
        OutcomeRow(
            "an unknown event",
            capture(start, AWSMessage.event("newEvent", "{\"a\":[1]}"), text("a"), stop("end_turn"), metadata), .ok,
            content: 1),
        OutcomeRow(
            "an unknown kind of message",
            capture(AWSMessage.encoded([(":message-type", "news")], ""), good), .ok, content: 2, warnings: 1),
        OutcomeRow("a reset after the end", capture(good), end: .broken(message: "56"), .ok, content: 2, warnings: 1),
        OutcomeRow(
            "text in two pieces of an emoji's escapes",
            capture(start, text("\\ud83d"), text("\\ude80"), stop("end_turn"), metadata),
            .ok, content: 2),
    ]

    static let broken: [OutcomeRow] = [
        OutcomeRow("nothing", capture(), .truncated, "empty_body"),
        OutcomeRow("no stop", capture(head), .truncated, "no_terminal", content: 2),
        OutcomeRow("metadata and no stop", capture(head, metadata), .truncated, "no_terminal", content: 2),
        OutcomeRow(
            "a stop without a reason", capture(head, AWSMessage.event("messageStop", "{}"), metadata), .truncated,
            "no_terminal", content: 2),
        OutcomeRow(
            "cut in a message", capture(head, Array(text("c").dropLast(1))), .truncated, "unfinished_event", content: 2),
        OutcomeRow(
            "cut in a prelude", capture(head, Array(text("c").prefix(3))), .truncated, "unfinished_event", content: 2),
        OutcomeRow(
            "cut in the metadata", capture(head, stop("end_turn"), Array(metadata.dropLast(4))), .truncated,
            "unfinished_event", content: 2),
        OutcomeRow(
            "cut in the metadata, as HTTP saw too", capture(head, stop("end_turn"), Array(metadata.dropLast(4))),
            end: .cutShort(message: "18"), .truncated, "cut_short", content: 2),
        OutcomeRow(
            "wrong checksum of a message", capture(head, flipped(text("c"), at: 60), stop("end_turn"), metadata),
            .protocolError, "malformed_framing", content: 2),
        OutcomeRow(
            "wrong checksum of a prelude", capture(head, flipped(text("c"), at: 9), stop("end_turn"), metadata),
            .protocolError, "malformed_framing", content: 2),
        OutcomeRow(
            "wrong length", capture(head, flipped(text("c"), at: 3), stop("end_turn"), metadata), .protocolError,
            "malformed_framing", content: 2),
        OutcomeRow(
            "a broken message after the end", capture(good, flipped(text("c"), at: 60)), .protocolError,
            "malformed_framing", content: 2),
        OutcomeRow(
            "server-sent events under the wrong name", capture(Array("data: {}\n\ndata: {}\n\n".utf8)), .protocolError,
            "malformed_framing"),
        OutcomeRow("an exception after content", capture(head, throttling), .streamError, "rate_limited", content: 2),
        OutcomeRow(
            "an exception between stop and metadata", capture(head, stop("end_turn"), throttling), .streamError,
            "rate_limited", content: 2),
        OutcomeRow(
            "an exception, then a good end", capture(head, throttling, stop("end_turn"), metadata), .streamError,
            "rate_limited", content: 2),
        OutcomeRow("an exception first", capture(throttling), .streamError, "rate_limited"),
        OutcomeRow(
            "an error message", capture(head, AWSMessage.error("InternalFailure", "boom")), .streamError, "server",
            content: 2),
        OutcomeRow(
            "malformed output", capture(head, stop("malformed_model_output"), metadata), .streamError, "server",
            content: 2),
        OutcomeRow(
            "no JSON", capture(head, delta("{oops"), stop("end_turn"), metadata), .protocolError, "invalid_json",
            content: 2),
        OutcomeRow(
            "no JSON in the metadata", capture(head, stop("end_turn"), AWSMessage.event("metadata", "{")),
            .protocolError, "invalid_json", content: 2),
        OutcomeRow(
            "a throttled request",
            Capture(status: 429, type: "application/json", #"{"message":"Too many requests"}"#), .httpError,
            "rate_limited"),
        OutcomeRow(
            "server-sent events", Capture("data: {}\n\n"), .protocolError, "content_type"),
    ]

    static let all = (complete + broken).map { $0.speaking("bedrock") }
}
