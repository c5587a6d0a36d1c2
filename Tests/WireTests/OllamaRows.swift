import Timeline

@testable import Wire

/// Streams of Ollama's native API, as its documentation has them and as they break.
enum OllamaRows {
    static func line(_ message: String, done: Bool = false) -> String {
        #"{"model":"q","created_at":"2026-11-22T10:00:00.08Z","message":{"role":"assistant",\#(message)},"done":\#(done)}"#
            + "\n"
    }

    static func text(_ text: String) -> String { line("\"content\":\"\(text)\"") }

    static func end(_ reason: String?, content: String = "") -> String {
        let told = reason.map { "\"done_reason\":\"\($0)\"," } ?? ""
        return #"{"model":"q","message":{"role":"assistant","content":"\#(content)"},"done":true,\#(told)"#
            + #""total_duration":412000000,"load_duration":9000000,"prompt_eval_count":11,"#
            + #""prompt_eval_duration":88000000,"eval_count":4,"eval_duration":290000000}"# + "\n"
    }

    static let done = end("stop")
    static let error = "{\"error\":\"llama runner process has terminated\"}\n"

    static func capture(_ body: String, type: String = "application/x-ndjson") -> Capture { Capture(type: type, body) }

    static let complete: [OutcomeRow] = [
        OutcomeRow("a whole stream", capture(text("a") + text(" b") + done), .ok, content: 2),
        OutcomeRow("the limit", capture(text("a") + end("length")), .ok, content: 1),
        OutcomeRow("no reason, as older servers have it", capture(text("a") + end(nil)), .ok, content: 1),
        OutcomeRow("text in the last line", capture(text("a") + end("stop", content: "b")), .ok, content: 2),
        OutcomeRow("thoughts alone", capture(line(#""content":"","thinking":"hm""#) + end("length")), .ok, content: 1),
        OutcomeRow(
            "no line end after the last line", capture(text("a") + String(done.dropLast())), .ok, content: 1,
            warnings: 1),
        OutcomeRow(
            "CRLF and blank lines", capture((text("a") + "\n" + done).replacing("\n", with: "\r\n")), .ok, content: 1),
        OutcomeRow(
            "another name for lines", capture(text("a") + done, type: "application/jsonl; charset=utf-8"), .ok,
            content: 1),
        OutcomeRow("a model that was only loaded", capture(end("load")), .okEmpty),
        OutcomeRow(
            "separators of other alphabets in the text", capture(text("a\u{85}b\u{2028}c") + done), .ok, content: 1),
        OutcomeRow("lines after the end", capture(text("a") + done + text("b")), .ok, content: 1, warnings: 1),
        OutcomeRow(
            "a generated text",
            capture(
                #"{"model":"q","response":"a","done":false}"# + "\n"
                    + #"{"response":"","done":true,"done_reason":"stop"}"# + "\n"), .ok, content: 1),
        OutcomeRow(
            "the server closes late", capture(text("a") + done), end: .timedOut(.total), .ok, content: 1, warnings: 1),
    ]

    static let broken: [OutcomeRow] = [
        OutcomeRow("nothing", capture(""), .truncated, "empty_body"),
        OutcomeRow("no last line", capture(text("a") + text("b")), .truncated, "no_terminal", content: 2),
        OutcomeRow(
            "cut in the last line", capture(text("a") + String(done.dropLast(2))), .truncated, "unfinished_event",
            content: 1),
        OutcomeRow(
            "cut before the last line's end", capture(text("a") + String(text("b").dropLast())), .truncated,
            "no_terminal", content: 2, warnings: 1),
        OutcomeRow("an error line", capture(text("a") + error), .streamError, "server", content: 1),
        OutcomeRow("an error line, then an end", capture(text("a") + error + done), .streamError, "server", content: 1),
        OutcomeRow(
            "an error line without its end", capture(text("a") + String(error.dropLast())), .streamError, "server",
            content: 1, warnings: 1),
        OutcomeRow(
            "an error line after the end", capture(text("a") + done + error), .streamError, "server", content: 1,
            warnings: 1),
        OutcomeRow("no JSON", capture(text("a") + "{oops\n" + done), .protocolError, "invalid_json", content: 1),
        OutcomeRow("HTML in place of lines", capture("<html>\n</html>\n"), .protocolError, "invalid_json"),
        OutcomeRow(
            "no last chunk of HTTP", capture(text("a")), end: .cutShort(message: "18"), .truncated, "cut_short",
            content: 1),
        OutcomeRow("server-sent events", Capture("data: {}\n\n"), .protocolError, "content_type"),
        OutcomeRow(
            "one answer", Capture(type: "application/json", String(done.dropLast())), .protocolError, "not_streamed"),
        OutcomeRow(
            "no such model", Capture(status: 404, type: "application/json", #"{"error":"model 'q' not found"}"#),
            .httpError, "invalid"),
    ]

    static let all = (complete + broken).map { $0.speaking("ollama") }
}
