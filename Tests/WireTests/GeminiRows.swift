import Timeline

@testable import Wire

/// Streams of the Gemini API, as Google documents them and as they break.
enum GeminiRows {
    static func event(_ json: String) -> String { "data: \(json)\r\n\r\n" }

    static func candidate(_ parts: String?, finish: String? = nil, index: Int? = 0) -> String {
        let content = parts.map { #""content":{"parts":[\#($0)],"role":"model"}"# }
        let reason = finish.map { "\"finishReason\":\"\($0)\"" }
        let position = index.map { "\"index\":\($0)" }
        return "{\([content, reason, position].compactMap(\.self).joined(separator: ","))}"
    }

    static func chunk(_ candidates: String..., usage: String? = nil) -> String {
        let counts = usage.map { ",\"usageMetadata\":{\($0)}" } ?? ""
        return event(
            "{\"candidates\":[\(candidates.joined(separator: ","))]\(counts),\"modelVersion\":\"g-1\",\"responseId\":\"r1\"}"
        )
    }

    static func text(_ text: String, finish: String? = nil, usage: String? = nil) -> String {
        chunk(candidate("{\"text\":\"\(text)\"}", finish: finish), usage: usage)
    }

    static let stop = chunk(candidate(nil, finish: "STOP"))
    static let error = #"{"error":{"code":503,"message":"overloaded","status":"UNAVAILABLE"}}"#
    static let errorLines = "{\n  \"error\": {\n    \"code\": 503,\n    \"message\": \"overloaded\"\n  }\n}\n"

    static let complete: [OutcomeRow] = [
        OutcomeRow("finish apart", Capture(text("a") + text("b") + stop), .ok, content: 2),
        OutcomeRow("finish with the last text", Capture(text("a") + text("b", finish: "STOP")), .ok, content: 2),
        OutcomeRow("one chunk", Capture(text("a", finish: "STOP")), .ok, content: 1),
        OutcomeRow("the limit", Capture(text("a", finish: "MAX_TOKENS")), .ok, content: 1),
        OutcomeRow(
            "no index", Capture(chunk(candidate("{\"text\":\"a\"}", finish: "STOP", index: nil))), .ok, content: 1),
        OutcomeRow(
            "finish on every chunk, as old models have it",
            Capture(text("a", finish: "STOP") + text("b", finish: "STOP")), .ok, content: 2, warnings: 1),
        OutcomeRow(
            "usage after the finish", Capture(text("a") + stop + event(#"{"usageMetadata":{"totalTokenCount":4}}"#)),
            .ok, content: 1),
        OutcomeRow(
            "two candidates in turn",
            Capture(
                text("a") + chunk(candidate(#"{"text":"b"}"#, index: 1)) + stop
                    + chunk(candidate(nil, finish: "STOP", index: 1))), .ok, content: 2),
        OutcomeRow(
            "two candidates at once",
            Capture(
                chunk(
                    candidate(#"{"text":"a"}"#, finish: "STOP"),
                    candidate(#"{"text":"b"}"#, finish: "MAX_TOKENS", index: 1))), .ok, content: 2),
        OutcomeRow("nothing but a finish", Capture(stop), .okEmpty),
        OutcomeRow(
            "all thoughts, no text",
            Capture(chunk(candidate(#"{"text":"a","thought":true}"#, finish: "MAX_TOKENS"))), .ok, content: 1),
        OutcomeRow("stopped for safety", Capture(text("a", finish: "SAFETY")), .okRefused, "SAFETY", content: 1),
        OutcomeRow("recitation", Capture(text("a", finish: "RECITATION")), .okRefused, "RECITATION", content: 1),
        OutcomeRow("safety, no text", Capture(chunk(candidate(nil, finish: "SAFETY"))), .okRefused, "SAFETY"),
        OutcomeRow(
            "a blocked prompt",
            Capture(event(#"{"promptFeedback":{"blockReason":"PROHIBITED_CONTENT"},"usageMetadata":{}}"#)), .okRefused,
            "PROHIBITED_CONTENT"),
        OutcomeRow(
            "comments and unknown fields", Capture(": k\n\n" + text("a") + "x: y\n\n" + stop), .ok, content: 1,
            warnings: 1),
        OutcomeRow("a comment at the end", Capture(text("a") + stop + ": k"), .okSloppyEnd, content: 1),
        OutcomeRow(
            "no blank line at the end", Capture(text("a") + String(stop.dropLast(1))), .okSloppyEnd, content: 1,
            warnings: 1),
        OutcomeRow("line feeds alone", Capture((text("a") + stop).replacing("\r\n", with: "\n")), .ok, content: 1),
        OutcomeRow(
            "no error where it is null", Capture(event(#"{"error":null}"#) + text("a") + stop), .ok, content: 1),
    ]

    static let broken: [OutcomeRow] = [
        OutcomeRow("no finish", Capture(text("a") + text("b")), .truncated, "no_terminal", content: 2),
        OutcomeRow(
            "an unspecified finish", Capture(text("a", finish: "FINISH_REASON_UNSPECIFIED")), .truncated, "no_terminal",
            content: 1),
        OutcomeRow(
            "usage alone", Capture(event(#"{"usageMetadata":{"totalTokenCount":4}}"#)), .truncated, "no_terminal"),
        OutcomeRow("nothing", Capture(""), .truncated, "empty_body"),
        OutcomeRow(
            "one of two candidates unfinished",
            Capture(text("a") + chunk(candidate(#"{"text":"b"}"#, index: 1)) + stop),
            .truncated, "no_terminal", content: 2),
        OutcomeRow(
            "cut in the finish", Capture(text("a") + String(stop.dropLast(9))), .truncated, "unfinished_event",
            content: 1),
        OutcomeRow(
            "cut in an event after a finish", Capture(text("a", finish: "STOP") + "data: {\"candi"), .truncated,
            "unfinished_event", content: 1),
        OutcomeRow(
            "cut in a field's name", Capture(text("a", finish: "STOP") + "dat"), .truncated, "unfinished_event",
            content: 1),
        OutcomeRow(
            "no last chunk of HTTP", Capture(text("a") + stop), end: .cutShort(message: "18"), .truncated, "cut_short",
            content: 1),
        OutcomeRow(
            "a reset after the finish", Capture(text("a") + stop), end: .broken(message: "56"), .transportError,
            "connection_lost", content: 1),
        OutcomeRow("stalled", Capture(text("a")), end: .timedOut(.stall), .timeoutStall, content: 1),
        OutcomeRow("an error event", Capture(text("a") + event(error)), .streamError, "overloaded", content: 1),
        OutcomeRow(
            "an error event after the finish", Capture(text("a") + stop + event(error)), .streamError, "overloaded",
            content: 1),
        OutcomeRow(
            "an error in an array", Capture(text("a") + event("[\(error)]")), .streamError, "overloaded", content: 1),
        OutcomeRow(
            "bare error lines", Capture(text("a") + errorLines), .streamError, "overloaded", content: 1, warnings: 1),
        OutcomeRow(
            "bare error lines after a finish", Capture(text("a", finish: "STOP") + errorLines), .streamError,
            "overloaded",
            content: 1, warnings: 1),
        OutcomeRow(
            "bare error lines in an array", Capture(text("a") + "[\(errorLines)]\n"), .streamError, "overloaded",
            content: 1,
            warnings: 1),
        OutcomeRow(
            "bare error lines cut off after a finish",
            Capture(text("a", finish: "STOP") + String(errorLines.dropLast(8))),
            .truncated, "unfinished_event", content: 1, warnings: 1),
        OutcomeRow(
            "a malformed call", Capture(chunk(candidate(nil, finish: "MALFORMED_FUNCTION_CALL"))), .streamError,
            "server"),
        OutcomeRow("no JSON", Capture(text("a") + event("{oops") + stop), .protocolError, "invalid_json", content: 1),
        OutcomeRow(
            "a JSON array in place of a stream", Capture(type: "application/json", "[{\"candidates\":[]}]"),
            .protocolError, "not_streamed"),
        OutcomeRow(
            "an error in an array of one, in a 200", Capture(type: "application/json", "[\(error)]"), .streamError,
            "overloaded"),
        OutcomeRow(
            "an error in an array of one",
            Capture(
                status: 429, type: "application/json",
                #"[{"error":{"code":429,"message":"slow","status":"RESOURCE_EXHAUSTED"}}]"#), .httpError, "rate_limited"
        ),
    ]

    static let all = (complete + broken).map { $0.speaking("gemini") }
}
