import Timeline

@testable import Wire

extension OutcomeRow {
    private static func chunk(_ choice: Int, _ content: String, _ finish: String = "null") -> String {
        "data: {\"choices\":[{\"index\":\(choice),\"delta\":{\"content\":\"\(content)\"},\"finish_reason\":\(finish)}]}\n\n"
    }

    private static func usage(_ count: Int) -> String {
        "data: {\"choices\":[],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":\(count)}}\n\n"
    }

    private static func token(_ index: Int, _ text: String, _ end: String = "\"generated_text\":null") -> String {
        "data: {\"index\":\(index),\"token\":{\"id\":1,\"text\":\"\(text)\",\"special\":false},\(end)}\n\n"
    }

    private static func response(_ number: Int, _ type: String, _ rest: String) -> String {
        "data: {\"type\":\"response.\(type)\",\"sequence_number\":\(number),\(rest)}\n\n"
    }

    private static let responseEnd = "\"response\":{\"id\":\"r\",\"status\":\"completed\"}"

    static let furtherTransport: [OutcomeRow] = [
        OutcomeRow(
            "3 clean end inside an event after the finish", Capture(text + finish + "data: {\"choices\":[],\"us"),
            .truncated, "unfinished_event", content: 1),
        OutcomeRow(
            "3 clean end inside the end marker", Capture(text + finish + "data: [DO"), .truncated, "unfinished_event",
            content: 1),
        OutcomeRow(
            "3 clean end inside a comment after the finish", Capture(text + finish + ": keep-al"), .okSloppyEnd,
            content: 1),
        OutcomeRow(
            "10 chunk size that overflows", Capture(text), end: .malformedHTTP(message: "56"), .protocolError,
            "malformed_http", content: 1),
        OutcomeRow(
            "11 HTTP/2 stream reset with an error", Capture(text + text), end: .broken(message: "92"), .transportError,
            "connection_lost", content: 2),
        OutcomeRow("12 HTTP/2 stream reset without an error", Capture(text), .truncated, "no_terminal", content: 1),
        OutcomeRow(
            "15 connection given up before the answer", noResponse, end: .broken(message: "16"), .transportError,
            "connection_lost"),
        OutcomeRow(
            "16 connection given up in the middle", Capture(text), end: .cutShort(message: "18"), .truncated,
            "cut_short", content: 1),
        OutcomeRow("17 headers, then silence to the end", Capture(""), end: .timedOut(.total), .timeoutTotal),
        OutcomeRow(
            "19 tokens, then nothing", Capture(text + text), end: .timedOut(.stall), .timeoutStall, content: 2),
        OutcomeRow("20 one byte a read", Capture(text + text + finish + done), .ok, content: 2),
        OutcomeRow(
            "64 the client cancels after the end", Capture(text + finish + done), end: .cancelled, .ok, content: 1,
            warnings: 1),
    ]

    static let furtherErrors: [OutcomeRow] = [
        OutcomeRow(
            "26 bare JSON error behind another line that is no field",
            Capture("x-proxy: 1\n" + text + "{\n  \"error\": {\n    \"code\": 503\n  }\n}\n" + finish + done),
            .streamError, "overloaded", content: 1, warnings: 2),
        OutcomeRow(
            "26 bare JSON error behind JSON that was cut",
            Capture(text + "{\"a\":\n" + "[{\"error\":{\"code\":503}}]\n" + finish + done), .streamError, "overloaded",
            content: 1, warnings: 2),
        OutcomeRow(
            "23 error in a later answer of several", Capture(chunk(0, "a", "\"stop\"") + chunk(1, "b") + error),
            .streamError, "overloaded", content: 2),
        OutcomeRow(
            "25 overload as TGI tells it, in a 200",
            Capture("data:{\"error\":\"Model is overloaded\",\"error_type\":\"overloaded\"}\n\n"), .streamError,
            "overloaded", api: "tgi"),
        OutcomeRow(
            "26 error in a field of its own",
            Capture(text + "error: {\"code\":500,\"message\":\"m\",\"type\":\"server_error\"}\n\n"), .streamError,
            "server", content: 1, warnings: 1),
        OutcomeRow(
            "27 a list of one error in a 200",
            Capture(type: "application/json", "[{\"error\":{\"code\":403,\"message\":\"m\"}}]"), .streamError, "auth"),
        OutcomeRow(
            "28 HTML that calls itself a stream", Capture("<html>\n\n<body>\n\ndata\n\n</html>\n\n"), .truncated,
            "no_terminal", warnings: 1),
        OutcomeRow(
            "30 the whole answer in one JSON text",
            Capture(
                type: "application/json; charset=utf-8",
                "{\"choices\":[{\"index\":0,\"message\":{\"content\":\"a\"},\"finish_reason\":\"stop\"}]}"),
            .protocolError, "not_streamed"),
        OutcomeRow(
            "31 zstd though not asked",
            Capture(headers: [HeaderField("content-encoding", "zstd")], text + finish + done),
            .protocolError, "content_encoding"),
        OutcomeRow(
            "33 gzip cut short",
            {
                var capture = bytes([0x1f, 0x8b, 0x08, 0x00])
                capture.headers.append(HeaderField("Content-Encoding", "gzip"))
                return capture
            }(), .protocolError, "content_encoding"),
        OutcomeRow(
            "51 too many requests, and when to come back", Capture(status: 429, headers: retryAfter, "{}"), .httpError,
            "rate_limited"),
        OutcomeRow(
            "52 unavailable, and when to come back",
            Capture(status: 503, headers: [HeaderField("retry-after-ms", "250.5")], ""), .httpError, "overloaded"),
        OutcomeRow(
            "55 no content, reset", Capture(status: 205, ""), end: .broken(message: "56"), .protocolError, "no_content"),
    ]

    /// Times to come back that no parser likes; they are kept as they are.
    static let retryAfter = ["Fri, 31 Dec 9999 23:59:59 GMT", "1.5", "-1", "soon", ""].map {
        HeaderField("Retry-After", $0)
    }

    static let furtherComplete: [OutcomeRow] = [
        OutcomeRow(
            "36 usage on every chunk", Capture(text + usage(1) + text + usage(2) + finish + usage(2) + done), .ok,
            content: 2),
        OutcomeRow("36 usage twice at the end", Capture(text + finish + usage(1) + usage(1) + done), .ok, content: 1),
        OutcomeRow(
            "36 usage null", Capture(text + "data: {\"choices\":[],\"usage\":null}\n\n" + finish + done), .ok,
            content: 1),
        OutcomeRow("38 usage disagrees with the events", Capture(text + finish + usage(77) + done), .ok, content: 1),
        OutcomeRow(
            "39 a token's index jumps",
            Capture(
                token(1, "a") + token(3, "b", "\"generated_text\":\"ab\",\"details\":{\"finish_reason\":\"length\"}")),
            .ok, api: "tgi", content: 2, warnings: 1),
        OutcomeRow(
            "39 a sequence number is missing",
            Capture(
                response(0, "output_text.delta", "\"delta\":\"a\"")
                    + response(2, "output_text.delta", "\"delta\":\"b\"")
                    + response(3, "completed", responseEnd)), .ok, api: "openai-responses", content: 2, warnings: 1),
        OutcomeRow(
            "39 sequence numbers run backwards",
            Capture(
                response(2, "output_text.delta", "\"delta\":\"a\"")
                    + response(1, "output_text.delta", "\"delta\":\"b\"")
                    + response(2, "completed", responseEnd)), .ok, api: "openai-responses", content: 2, warnings: 1),
        OutcomeRow(
            "39 a delta before the start",
            Capture(
                "data: {\"type\":\"content-delta\",\"delta\":{\"message\":{\"content\":{\"text\":\"a\"}}}}\n\n"
                    + "data: {\"type\":\"message-start\",\"id\":\"i\"}\n\n"
                    + "data: {\"type\":\"message-end\",\"delta\":{\"finish_reason\":\"COMPLETE\"}}\n\n"), .ok,
            api: "cohere", content: 1),
        OutcomeRow(
            "40 several answers interleaved",
            Capture(
                chunk(0, "a") + chunk(1, "b") + chunk(0, "c", "\"stop\"") + chunk(1, "d", "\"length\"") + done), .ok,
            content: 4),
        OutcomeRow(
            "41 odd deltas",
            Capture(
                chunk(0, "a") + "data: {\"choices\":[{\"index\":0,\"delta\":null}]}\n\n"
                    + "data: {\"choices\":[{\"index\":0}]}\n\n"
                    + "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":12.5}}]}\n\n"
                    + "data: {\"choices\":{\"index\":0}}\n\n" + finish + done), .ok, content: 1),
        OutcomeRow("45 an emoji's bytes over several reads", Capture(chunk(0, "🚀") + finish + done), .ok, content: 1),
        OutcomeRow(
            "66 an answer from a cache",
            Capture(headers: [HeaderField("Age", "12"), HeaderField("X-Cache", "MISS")], text + finish + done), .ok,
            content: 1, warnings: 1),
        OutcomeRow(
            "66 an answer past a cache",
            Capture(
                headers: [HeaderField("Age", "0"), HeaderField("cf-cache-status", "DYNAMIC")], text + finish + done),
            .ok, content: 1),
    ]
}
