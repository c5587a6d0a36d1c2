import Testing
import Timeline

@testable import Wire

/// What one captured stream says, worked out by `Fixtures/expect_streams.py`.
struct ExpectedStream: CustomTestStringConvertible {
    var file: String
    var api = "openai-chat"
    var end = TransportEnd.clean
    var events: Int
    var comments = 0
    var content: Int
    var texts: [String]
    var finish: String?
    var usage: TokenUsage?
    var model: String? = "smollm2-135m"
    var identifier: String?
    var hasTerminal = true
    var outcome = StreamOutcome(.ok)

    var testDescription: String { file }

    static let chatText =
        "Streaming refers to the rapid delivery of media content, such as movies, TV shows, music, and video games, to a wide audience through digital platforms like"

    static let all: [ExpectedStream] = [
        ExpectedStream(
            file: "llama-anthropic-tools", api: "anthropic", events: 58, content: 53,
            texts: [
                "Celsius. Paris, in celsius. This is a French phrase that translates to \"Celestial Temperature\" in English. It's a colloquialism used to describe the temperature of the Earth's atmosphere, which is equivalent to 1000 Celsius."
            ], finish: "end_turn", usage: TokenUsage(input: 37, output: 54, cached: 24),
            identifier: "chatcmpl-TqaEERHTxw3nueCzbVwOOr36zulz4DGK"),
        ExpectedStream(
            file: "llama-anthropic", api: "anthropic", events: 29, content: 24,
            texts: [
                "Streaming refers to the rapid delivery of media content, such as movies, TV shows, music, and video games,"
            ], finish: "max_tokens", usage: TokenUsage(input: 37, output: 24, cached: 36),
            identifier: "chatcmpl-wbjJ0m9rpqoLwtjTBXZROJwIp7ddkqcV"),
        ExpectedStream(
            file: "llama-chat-cancelled", end: .cancelled, events: 7, content: 6,
            texts: ["Streaming refers to the rapid"], identifier: "chatcmpl-Y27rVlCTCDw5xiSPWDXnEMlGxdJ3jbZD",
            hasTerminal: false, outcome: StreamOutcome(.cancelled)),
        ExpectedStream(
            file: "llama-chat-emoji", events: 24, content: 20,
            texts: ["Héllo! 🚀\n\n🚀\n\n🚀\n\n🚀\n\n🚀\n\n🚀"], finish: "length",
            usage: TokenUsage(input: 58, output: 32, cached: 24),
            identifier: "chatcmpl-MAnm1bD4239bFNlW8pMahnM0p0uJ6HEn"),
        ExpectedStream(
            file: "llama-chat-json", events: 33, content: 29,
            texts: [
                "{\n\t\t\t\t\t\t\t\t\t\t\t\t\"name\"\n\t\t\t\t\t\t\t\t: \"streaming\",\n\t\t\t\t\t\t\t\t\"age\"\n\t\t\t\t\t\t\t\t:"
            ], finish: "length", usage: TokenUsage(input: 37, output: 32, cached: 36),
            identifier: "chatcmpl-l1Wf6kfL5dqvzqp9EgEzbgUp740kCxFe"),
        ExpectedStream(
            file: "llama-chat-logprobs", events: 10, content: 6, texts: ["Streaming refers to the rapid"],
            finish: "length", usage: TokenUsage(input: 37, output: 6, cached: 36),
            identifier: "chatcmpl-FfpOtrTivr7gya43n7RzD3ntPYtrNdIg"),
        ExpectedStream(
            file: "llama-chat-maxtokens1", events: 5, content: 1, texts: ["Stream"], finish: "length",
            usage: TokenUsage(input: 37, output: 1, cached: 36),
            identifier: "chatcmpl-bVNUkEHisEbQKU69p6r198IEuLApr8xO"),
        ExpectedStream(
            file: "llama-chat-n2", events: 23, content: 16,
            texts: ["Streaming refers to the rapid delivery of", "Streaming refers to the rapid delivery of"],
            finish: "length", usage: TokenUsage(input: 37, output: 8, cached: 36),
            identifier: "chatcmpl-CzTFqkfr5YEXJe0Qr9fppmRVa7LVQA5j"),
        ExpectedStream(
            file: "llama-chat-nousage", events: 35, content: 32, texts: [chatText], finish: "length",
            identifier: "chatcmpl-3DMiFi0UZyGqt6s98rhNlk4Xe7Y4BRbj"),
        ExpectedStream(
            file: "llama-chat-progress", events: 12, content: 6, texts: ["The quick brown fox jumps over"],
            finish: "length", usage: TokenUsage(input: 791, output: 6, cached: 24),
            identifier: "chatcmpl-wPDG9UixL5VVNye3EFeWphzQEVqho5jI"),
        ExpectedStream(
            file: "llama-chat-tools", events: 26, content: 22,
            texts: ["Paris, in Celsius, is approximately 22.8°C (72.8°F)."], finish: "stop",
            usage: TokenUsage(input: 40, output: 23, cached: 24),
            identifier: "chatcmpl-wXy18lEb4ByAhf0ubAvwxyhB1ajVvk1p"),
        ExpectedStream(
            file: "llama-chat", events: 36, content: 32, texts: [chatText], finish: "length",
            usage: TokenUsage(input: 37, output: 32, cached: 36),
            identifier: "chatcmpl-0TQaQQrkTU7JCXoaipXbsHNucSEBjQSP"),
        ExpectedStream(
            file: "llama-completions", api: "openai-completions", events: 18, content: 16,
            texts: [
                ", the city of New Haven was a thriving metropolis, with towering skyscrapers and bustling"
            ], finish: "length", usage: TokenUsage(input: 4, output: 16, cached: 3),
            identifier: "chatcmpl-PqSgPgRW0Q6SyelVrKbMPI9S9FqnknHB"),
        ExpectedStream(
            file: "llama-ping", events: 8, comments: 6, content: 4, texts: ["The quick brown fox"], finish: "length",
            usage: TokenUsage(input: 898, output: 4, cached: 0),
            identifier: "chatcmpl-KarnCSYA7CJCkaBykYYnaYtMgxAwtLVD"),
        ExpectedStream(
            file: "nginx-buffered", events: 36, content: 32, texts: [chatText], finish: "length",
            usage: TokenUsage(input: 37, output: 32, cached: 36),
            identifier: "chatcmpl-miVcPk2zNETALkQ9lKckpoafqmFgf02n"),
        ExpectedStream(
            file: "nginx-h2", events: 20, content: 16,
            texts: ["Streaming refers to the rapid delivery of media content, such as movies, TV"], finish: "length",
            usage: TokenUsage(input: 37, output: 16, cached: 36),
            identifier: "chatcmpl-VyelazMuiMm87AbgNKKK6ZrZ0NaitvWz"),
        ExpectedStream(
            file: "nginx-notchunked", events: 36, content: 32, texts: [chatText], finish: "length",
            usage: TokenUsage(input: 37, output: 32, cached: 36),
            identifier: "chatcmpl-5TpOPxGwg9blR8u1pbgUiTb9NFakwXwv"),
        ExpectedStream(
            file: "relay-eventsource", events: 9, content: 0, texts: [], model: nil,
            outcome: StreamOutcome(
                .truncated, detail: "no_finish_reason", message: "the end marker came, but no finish reason before it")),
        ExpectedStream(
            file: "relay-streamingresponse", events: 17, content: 0, texts: [], model: nil,
            outcome: StreamOutcome(
                .truncated, detail: "no_finish_reason", message: "the end marker came, but no finish reason before it")),
    ]
}

struct CapturedStreamTests {
    @Test(arguments: ExpectedStream.all)
    func `a captured stream says what its file says`(_ expected: ExpectedStream) throws {
        let stream = try Capture(named: expected.file).decoded(as: expected.api, end: expected.end)
        #expect(stream.events.count == expected.events + expected.comments)
        #expect(stream.kinds.filter { $0 == .comment }.count == expected.comments)
        #expect(stream.contentCount == expected.content)
        for (choice, text) in expected.texts.enumerated() {
            #expect(Array(stream.text(choice: choice).utf8) == Array(text.utf8))
            let events = stream.events.filter { $0.choice == choice }
            #expect(events.reduce(0) { $0 + $1.characters } == text.unicodeScalars.count)
            #expect(events.reduce(0) { $0 + $1.contentBytes } == text.utf8.count)
        }
        #expect(stream.finishReason == expected.finish)
        #expect(stream.usage == expected.usage)
        #expect(stream.servedModel == expected.model)
        #expect(stream.responseID == expected.identifier)
        #expect(stream.outcome == expected.outcome)
        #expect(stream.terminalEvent == (expected.hasTerminal ? stream.events.count - 1 : nil))
        #expect(stream.warnings.isEmpty)
    }

    @Test(arguments: ExpectedStream.all)
    func `a stream cut at any byte says the same, and each event stands in the read that completed it`(
        _ expected: ExpectedStream
    ) throws {
        let capture = try Capture(named: expected.file)
        func decoded(_ cuts: [Int]) throws -> DecodedStream {
            try capture.decoded(as: expected.api, cuts: cuts, end: expected.end)
        }
        let whole = try decoded([])
        var byteByByte = try decoded(Array(capture.body.indices))
        // Where every read is one byte, a read's index is the offset of that byte.
        let offsets = byteByByte.events.map(\.readIndex)
        for index in byteByByte.events.indices { byteByByte.events[index].readIndex = 0 }
        #expect(byteByByte == whole)
        // Byte by byte is every cut at once; of the single cuts, some 300 spread over the body stand for all.
        for cut in stride(from: 1, to: capture.body.count, by: max(1, capture.body.count / 300)) {
            var stream = try decoded([cut])
            guard stream.events.map(\.readIndex) == offsets.map({ $0 < cut ? 0 : 1 }) else {
                Issue.record("cut at \(cut): wrong reads")
                return
            }
            for index in stream.events.indices { stream.events[index].readIndex = 0 }
            guard stream == whole else {
                Issue.record("cut at \(cut): \(stream) is not \(whole)")
                return
            }
        }
    }

    @Test func `events end at their blank lines`() throws {
        let capture = try Capture(named: "llama-chat")
        let stream = try capture.decoded(cuts: Array(capture.body.indices))
        let ends = capture.body.indices.filter { $0 > 0 && capture.body[$0] == 0x0a && capture.body[$0 - 1] == 0x0a }
        #expect(stream.events.map(\.readIndex) == ends)
        #expect(stream.events.reduce(0) { $0 + $1.wireBytes } == capture.body.count)
    }

    @Test func `progress frames are no tokens, and running counts of the server's timings are`() throws {
        let stream = try Capture(named: "llama-chat-progress").decoded()
        #expect(stream.kinds.prefix(4) == [.control, .control, .control, .text])
        #expect(stream.events.filter(\.kind.isContent).map(\.tokens) == [1, 1, 1, 1, 1, 1])
        #expect(stream.serverTimings?["timings"]?["prompt_ms"] == .number(9758.191))
        #expect(stream.systemFingerprint == "b0-unknown")
    }

    @Test func `a usage total at the end is no event's count`() throws {
        for file in ["llama-completions", "llama-chat"] {
            let api = file == "llama-chat" ? "openai-chat" : "openai-completions"
            #expect(try Capture(named: file).decoded(as: api).events.allSatisfy { $0.tokens == nil })
        }
    }

    @Test func `a stream compressed without being asked is not decoded`() throws {
        let stream = try Capture(named: "nginx-gzip").decoded()
        #expect(stream.outcome.outcomeClass == .protocolError)
        #expect(stream.outcome.detail == "content_encoding")
        #expect(stream.events.isEmpty)
        #expect(stream.keptHeaders.contains(HeaderField("Content-Encoding", "gzip")))
    }

    @Test func `an answer without a stream is one event`() throws {
        let capture = try Capture(named: "llama-chat-nostream")
        let stream = try capture.decoded(cuts: [100], expectsStream: false)
        #expect(stream.kinds == [.text, .terminal])
        #expect(stream.text() == ExpectedStream.chatText)
        #expect(stream.events.map(\.readIndex) == [1, 1])
        #expect(stream.usage == TokenUsage(input: 37, output: 32, cached: 36))
        #expect(stream.finishReason == "length")
        #expect(stream.responseID == "chatcmpl-6XOk8eNc3sX0OnR7iNRRuJBfdED0yvC0")
        #expect(stream.serverTimings?["timings"]?["predicted_n"] == 32)
        #expect(stream.outcome == StreamOutcome(.ok))
        #expect(try capture.decoded().outcome.detail == "not_streamed")
    }

    @Test(arguments: [
        (
            "llama-err-400-badjson", "invalid",
            "[json.exception.parse_error.101] parse error at line 1, column 29: syntax error while parsing value - unexpected end of input; expected '[', '{', or a literal"
        ),
        ("llama-err-400-badmessages", "invalid", "Expected 'messages' to be an array"),
        (
            "llama-err-400-context", "invalid",
            "request (3071 tokens) exceeds the available context size (2048 tokens), try increasing it"
        ),
        ("llama-err-401", "auth", "Invalid API Key"),
        ("llama-err-404-path", "invalid", "File Not Found"),
    ])
    func `a refused request tells why`(_ file: String, _ detail: String, _ message: String) throws {
        let stream = try Capture(named: file).decoded()
        #expect(stream.outcome == StreamOutcome(.httpError, detail: detail, message: message))
        #expect(stream.events.isEmpty)
    }
}
