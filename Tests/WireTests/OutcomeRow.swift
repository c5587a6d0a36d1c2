import Testing
import Timeline

@testable import Wire

/// One hostile or odd stream, and the class that it must get.
struct OutcomeRow: CustomTestStringConvertible {
    var name: String
    var capture: Capture
    var end = TransportEnd.clean
    var api: String
    var outcome: OutcomeClass
    var detail: String?
    /// Content events that must be kept.
    var content: Int
    var warnings = 0

    var testDescription: String { name }

    init(
        _ name: String, _ capture: Capture, end: TransportEnd = .clean, _ outcome: OutcomeClass,
        _ detail: String? = nil, api: String = "openai-chat", content: Int = 0, warnings: Int = 0
    ) {
        self.api = api
        self.name = name
        self.capture = capture
        self.end = end
        self.outcome = outcome
        self.detail = detail
        self.content = content
        self.warnings = warnings
    }

    /// The same row for a stream of another API.
    func speaking(_ api: String) -> OutcomeRow {
        var row = self
        row.api = api
        return row
    }

    static let text = OpenAIChatDialectTests.chunk(#"{"content":"a"}"#)
    static let finish = OpenAIChatDialectTests.finish
    static let done = OpenAIChatDialectTests.done
    static let error = "data: {\"error\":{\"message\":\"boom\",\"type\":\"overloaded_error\"}}\n\n"
    static let usage = "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":0}}\n\n"
    static let noResponse: Capture = {
        var capture = Capture(status: 0, "")
        capture.headers = []
        return capture
    }()

    static func withoutType(_ body: String) -> Capture {
        var capture = Capture(body)
        capture.headers = []
        return capture
    }

    static func bytes(_ parts: [UInt8]...) -> Capture {
        var capture = Capture("")
        capture.body = parts.flatMap { $0 }
        return capture
    }

    static let transport: [OutcomeRow] = [
        OutcomeRow(
            "1 end without the last chunk", Capture(text), end: .cutShort(message: "18"), .truncated, "cut_short",
            content: 1),
        OutcomeRow(
            "2 end inside a chunk", Capture(text + "data: {\"cho"), end: .cutShort(message: "18"), .truncated,
            "cut_short", content: 1),
        OutcomeRow(
            "3 clean end in the middle of JSON", Capture(text + "data: {\"cho"), .truncated, "unfinished_event",
            content: 1),
        OutcomeRow(
            "4 Content-Length larger than the body", Capture(text + finish), end: .cutShort(message: "18"), .truncated,
            "cut_short", content: 1),
        OutcomeRow("5 Content-Length smaller than the body", Capture(text), .truncated, "no_terminal", content: 1),
        OutcomeRow(
            "6 reset after tokens", Capture(text + text), end: .broken(message: "56"), .transportError,
            "connection_lost", content: 2),
        OutcomeRow(
            "7 reset before headers", noResponse, end: .broken(message: "56"), .transportError, "connection_lost"),
        OutcomeRow("7 refused connection", noResponse, end: .connectFailed(message: "7"), .connectError),
        OutcomeRow("7 TLS not agreed on", noResponse, end: .tlsFailed(message: "60"), .transportError, "tls"),
        OutcomeRow("8 end before headers", noResponse, end: .cutShort(message: "52"), .transportError, "empty_reply"),
        OutcomeRow(
            "9 broken chunk size", Capture(text), end: .malformedHTTP(message: "56"), .protocolError, "malformed_http",
            content: 1),
        OutcomeRow("17 headers, then silence", Capture(""), end: .timedOut(.firstToken), .timeoutFirstToken),
        OutcomeRow("17 no headers", noResponse, end: .timedOut(.headers), .timeoutHeaders),
        OutcomeRow("17 no connection", noResponse, end: .timedOut(.connect), .timeoutConnect),
        OutcomeRow("18 comments for ever", Capture(": k\n\n: k\n\n"), end: .timedOut(.firstToken), .timeoutFirstToken),
        OutcomeRow(
            "19 tokens, then pings", Capture(text + ": k\n\n"), end: .timedOut(.stall), .timeoutStall, content: 1),
        OutcomeRow("19 too long altogether", Capture(text), end: .timedOut(.total), .timeoutTotal, content: 1),
        OutcomeRow(
            "56 no status line", noResponse, end: .malformedHTTP(message: "1"), .protocolError, "malformed_http"),
        OutcomeRow(
            "57 too many headers", noResponse, end: .malformedHTTP(message: "56"), .protocolError, "malformed_http"),
        OutcomeRow(
            "63 the server closes late", Capture(text + finish + done), end: .timedOut(.total), .ok, content: 1,
            warnings: 1),
        OutcomeRow(
            "63 reset after the end", Capture(text + finish + done), end: .broken(message: "56"), .ok, content: 1,
            warnings: 1),
        OutcomeRow("64 the client cancels", Capture(text), end: .cancelled, .cancelled, content: 1),
        OutcomeRow("64 the client cancels before the headers", noResponse, end: .cancelled, .cancelled),
        OutcomeRow(
            "response over the limit", Capture(text), end: .tooLarge(limit: 9), .protocolError, "response_too_large",
            content: 1),
    ]

    static let errors: [OutcomeRow] = [
        OutcomeRow("23 error after tokens", Capture(text + error), .streamError, "overloaded", content: 1),
        OutcomeRow(
            "23 error after tokens, then a reset", Capture(text + error), end: .broken(message: "56"), .streamError,
            "overloaded", content: 1),
        OutcomeRow(
            "24 error, then the end marker", Capture(text + error + done), .streamError, "overloaded", content: 1),
        OutcomeRow(
            "24 finish, error, end marker", Capture(text + finish + error + done), .streamError, "overloaded",
            content: 1),
        OutcomeRow("25 error first", Capture(error), .streamError, "overloaded"),
        OutcomeRow(
            "25 error named by its event", Capture("event: error\ndata: {\"oops\":1}\n\n"), .streamError, "server"),
        OutcomeRow(
            "25 error without its blank line", Capture(text + error.dropLast()), .streamError, "overloaded", content: 1),
        OutcomeRow(
            "26 bare JSON error lines", Capture(text + "{\n  \"error\": {\n    \"code\": 503\n  }\n}\n"), .streamError,
            "overloaded", content: 1, warnings: 1),
        OutcomeRow(
            "26 bare JSON error without a line end", Capture(text + "{\"error\":{\"code\":503}}"), .streamError,
            "overloaded", content: 1),
        OutcomeRow(
            "27 JSON error in a 200", Capture(type: "application/json", "{\"error\":{\"message\":\"m\",\"code\":429}}"),
            .streamError, "rate_limited"),
        OutcomeRow(
            "28 HTML in a 200", Capture(type: "text/html", "<html>login</html>"), .protocolError, "content_type"),
        OutcomeRow("28 no content type", withoutType(text), .protocolError, "content_type"),
        OutcomeRow("29 empty body", Capture(""), .truncated, "empty_body"),
        OutcomeRow("29 empty JSON body", Capture(type: "application/json", ""), .truncated, "empty_body"),
        OutcomeRow(
            "30 one JSON answer", Capture(type: "application/json", "{\"choices\":[]}"), .protocolError, "not_streamed"),
        OutcomeRow(
            "31 compressed though not asked", Capture(headers: [HeaderField("content-encoding", "br")], text),
            .protocolError, "content_encoding"),
        OutcomeRow(
            "34 unknown encoding", Capture(headers: [HeaderField("Content-Encoding", "x-what")], text), .protocolError,
            "content_encoding"),
        OutcomeRow(
            "46 invalid JSON between good events", Capture(text + "data: {\"a\"\n\n" + text + finish + done),
            .protocolError, "invalid_json", content: 2),
        OutcomeRow(
            "47 too deep", Capture(text + "data: " + String(repeating: "[", count: 10_000) + "\n\n" + finish + done),
            .protocolError, "invalid_json", content: 1),
        OutcomeRow("55 no content", Capture(status: 204, ""), .protocolError, "no_content"),
        OutcomeRow(
            "JSON cut short", Capture(type: "application/json", "{\"cho"), end: .cutShort(message: "18"), .truncated,
            "cut_short"),
        OutcomeRow("JSON broken", Capture(type: "application/json", "{\"cho"), .protocolError, "invalid_json"),
    ]

    static let statuses: [OutcomeRow] = [
        OutcomeRow(
            "50 redirect", Capture(status: 307, type: "text/html", headers: [HeaderField("Location", "http://h")], ""),
            .httpError, "redirect"),
        OutcomeRow(
            "51 too many requests", Capture(status: 429, type: "application/json", "{\"error\":\"slow\"}"), .httpError,
            "rate_limited"),
        OutcomeRow(
            "52 too many requests in HTML", Capture(status: 429, type: "text/html", "<html>slow</html>"), .httpError,
            "rate_limited"),
        OutcomeRow("52 overloaded", Capture(status: 529, type: "application/json", "{}"), .httpError, "overloaded"),
        OutcomeRow("52 unavailable", Capture(status: 503, ""), .httpError, "overloaded"),
        OutcomeRow("53 key revoked", Capture(status: 401, type: "application/json", "{}"), .httpError, "auth"),
        OutcomeRow("53 forbidden", Capture(status: 403, ""), .httpError, "auth"),
        OutcomeRow("not found", Capture(status: 404, ""), .httpError, "invalid"),
        OutcomeRow("too large a request", Capture(status: 413, ""), .httpError, "invalid"),
        OutcomeRow("server failed", Capture(status: 500, text), .httpError, "server"),
        OutcomeRow(
            "server failed and reset", Capture(status: 500, ""), end: .broken(message: "56"), .httpError, "server"),
    ]

    static let complete: [OutcomeRow] = [
        OutcomeRow(
            "22 very many events in one read", Capture(String(repeating: text, count: 5000) + finish + done), .ok,
            content: 5000),
        OutcomeRow("35 finish twice", Capture(text + finish + finish + done), .ok, content: 1, warnings: 1),
        OutcomeRow("35 end marker twice", Capture(text + finish + done + done), .ok, content: 1, warnings: 1),
        OutcomeRow("35 content after the end", Capture(text + finish + done + text), .ok, content: 1, warnings: 1),
        OutcomeRow("36 usage before the finish", Capture(text + usage + finish + done), .ok, content: 1),
        OutcomeRow("37 no usage", Capture(text + finish + done), .ok, content: 1),
        OutcomeRow("38 usage says 0", Capture(text + finish + usage + done), .ok, content: 1),
        OutcomeRow("39 content after the finish", Capture(text + finish + text + done), .ok, content: 2, warnings: 1),
        OutcomeRow(
            "41 odd choices",
            Capture(
                "data: {\"choices\":[]}\n\ndata: {\"choices\":[{}]}\n\ndata: {\"choices\":[7]}\n\ndata: {\"choices\":null}\n\n"
                    + text + finish + done), .ok, content: 1),
        OutcomeRow(
            "42 NUL in the text", Capture(OpenAIChatDialectTests.chunk(#"{"content":"\u0000"}"#) + finish + done), .ok,
            content: 1),
        OutcomeRow(
            "43 invalid UTF-8",
            bytes(
                Array("data: {\"choices\":[{\"delta\":{\"content\":\"".utf8), [0xff], Array("\"}}]}\n\n".utf8),
                Array((finish + done).utf8)), .ok, content: 1, warnings: 1),
        OutcomeRow(
            "44 a surrogate pair over two events",
            Capture(
                OpenAIChatDialectTests.chunk(#"{"content":"\ud83d"}"#)
                    + OpenAIChatDialectTests.chunk(#"{"content":"\ude80"}"#) + finish + done), .ok, content: 2),
        OutcomeRow(
            "47 odd numbers and duplicate names",
            Capture(
                "data: {\"a\":1e400,\"a\":-0,\"b\":12345678901234567890,\"choices\":[{\"index\":99999999999999999999,\"delta\":{\"content\":\"a\"}}]}\n\n"
                    + finish + done), .ok, content: 1),
        OutcomeRow(
            "48 end marker without a blank line", Capture(text + finish + "data: [DONE]\n"), .okSloppyEnd, content: 1,
            warnings: 1),
        OutcomeRow(
            "48 end marker without a line end", Capture(text + finish + "data: [DONE]"), .okSloppyEnd, content: 1,
            warnings: 1),
        OutcomeRow("49 finish without the end marker", Capture(text + finish), .okSloppyEnd, content: 1),
        OutcomeRow("end marker without a finish", Capture(text + done), .truncated, "no_finish_reason", content: 1),
        OutcomeRow("61 byte order mark", Capture("\u{feff}" + text + finish + done), .ok, content: 1),
        OutcomeRow(
            "62 CRLF",
            Capture(
                (text + finish + done).split(separator: "\n", omittingEmptySubsequences: false).joined(
                    separator: "\r\n")), .ok, content: 1),
        OutcomeRow(
            "62 CR",
            Capture(
                (text + finish + done).split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r")),
            .ok, content: 1),
        OutcomeRow("no token at all", Capture(finish + done), .okEmpty),
        OutcomeRow(
            "content filter",
            Capture(text + OpenAIChatDialectTests.chunk("{}", "\"finish_reason\":\"content_filter\"") + done),
            .okRefused, "content_filter", content: 1),
        OutcomeRow(
            "refusal", Capture(OpenAIChatDialectTests.chunk(#"{"refusal":"no"}"#) + finish + done), .okRefused,
            "refusal", content: 1),
        OutcomeRow(
            "content type in capitals with parameters",
            Capture(type: "Text/Event-Stream; charset=utf-8", text + finish + done), .ok, content: 1),
        OutcomeRow(
            "identity is no encoding",
            Capture(headers: [HeaderField("Content-Encoding", "identity")], text + finish + done), .ok, content: 1),
    ]

    static let all = transport + errors + statuses + complete + furtherTransport + furtherErrors + furtherComplete
}
