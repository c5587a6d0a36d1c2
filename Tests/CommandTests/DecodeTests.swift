import Foundation
import Testing
import Timeline

/// `ttft decode`, held against a reader of its own and against the conformance cases of server-sent events.
@Suite struct DecodeTests {
    private static let fixtures = Tool.root.appendingPathComponent("Tests/WireTests/Fixtures")
    private static let streams: [(name: String, api: String)] = [
        ("llama-chat", "openai-chat"), ("llama-chat-n2", "openai-chat"), ("llama-chat-emoji", "openai-chat"),
        ("llama-chat-tools", "openai-chat"), ("llama-chat-nousage", "openai-chat"), ("llama-ping", "openai-chat"),
        ("llama-completions", "openai-completions"), ("llama-anthropic", "anthropic"), ("nginx-h2", "openai-chat"),
    ]

    private func decode(_ arguments: String...) throws -> Tool.Result {
        try Tool.run(executable: Tool.path, ["decode"] + arguments)
    }

    private func lines(_ text: String) throws -> [JSONValue] {
        try text.split(separator: "\n").map { try JSONValue(parsing: String($0)) }
    }

    private static func path(_ name: String) -> String { fixtures.appendingPathComponent("streams/\(name).http").path }

    @Test(arguments: streams)
    func `a captured stream says what an independent reader finds in it`(_ name: String, _ api: String) throws {
        let result = try decode(Self.path(name), "--api", api)
        #expect(result.status == 0 && result.errors.isEmpty)
        let lines = try lines(result.output)
        let (events, last) = (lines.dropLast(), try #require(lines.last))
        let expected = try Tool.run(
            executable: Tool.python,
            (Tool.python.hasSuffix("env") ? ["python3"] : [])
                + [Self.fixtures.appendingPathComponent("expect_streams.py").path, Self.path(name)]
        ).output.split(separator: "\n").map(String.init)
        let counts = expected[0].split(separator: " ").compactMap { Int($0) }
        let content = events.filter { ["text", "reasoning", "tool"].contains($0["kind"]?.stringValue) }
        #expect(events.count == counts[0] + counts[1] && content.count == counts[2])
        let texts = try expected.filter { $0.hasPrefix("   text ") }.map { line in
            try JSONValue(parsing: String(line.split(separator: " ", maxSplits: 2)[2])).stringValue
        }
        #expect(last["text"]?.stringValue == texts[0])
        for (choice, text) in texts.enumerated() {
            let pieces = content.filter { $0["choice"]?.integerValue == choice }.compactMap { $0["text"]?.stringValue }
            #expect(pieces.joined() == text)
        }
        #expect(events.compactMap { $0["index"]?.integerValue } == Array(0..<events.count))
        #expect(last["outcome"] == "ok")
    }

    @Test func `cuts divide the body into reads, and change nothing else`() throws {
        let whole = try lines(decode(Self.path("llama-chat"), "--api", "openai-chat").output)
        // The first event ends at byte 256, the second at 499 (worked out from the file with Python).
        let cut = try lines(decode(Self.path("llama-chat"), "--api", "openai-chat", "--reads", "10,25,400").output)
        #expect(cut.count == whole.count && cut.last == whole.last)
        let text = try String(contentsOfFile: Self.path("llama-chat"), encoding: .utf8)
        let body = try #require(
            text.range(of: "\n\n").map { text[$0.upperBound...] }
                ?? text.range(of: "\r\n\r\n").map { text[$0.upperBound...] })
        var end = 0
        for (event, piece) in zip(cut.dropLast(), body.components(separatedBy: "\n\n")) {
            end += piece.utf8.count + 2
            let read = [10, 25, 400].count { $0 < end }
            #expect(event["read"]?.integerValue == read, "the event that ends at byte \(end)")
        }
    }

    @Test func `bare server-sent events are those of the standard, whole and cut`() throws {
        let data = try Data(contentsOf: Self.fixtures.appendingPathComponent("sse-cases.json"))
        let cases = try #require(try JSONSerialization.jsonObject(with: data) as? [[String: Any]])
        let folder = try TemporaryFolder()
        for (index, example) in cases.enumerated() {
            let name = example["name"] as? String ?? ""
            let input = try #require((example["input_base64"] as? String).flatMap { Data(base64Encoded: $0) })
            try input.write(to: folder.file("\(index)"))
            let expected = try #require(example["expected"] as? [[String: String]])
            let splits = (example["splits"] as? [Int] ?? [])
            for cuts in [[], splits.isEmpty && input.count > 2 ? [input.count / 2] : splits] {
                let reads = cuts.isEmpty ? [] : ["--reads", cuts.map(String.init).joined(separator: ",")]
                let result = try Tool.run(
                    executable: Tool.path, ["decode", folder.file("\(index)").path, "--api", "sse"] + reads)
                #expect(result.status == 0, "\(name): \(result.errors)")
                // Foundation's reader loses a byte order mark within a text, so ours reads what the tool wrote.
                let found = try lines(result.output).map { line in
                    ["event", "data", "id"].reduce(into: [:]) { $0[$1] = line[$1]?.stringValue }
                }
                #expect(found == expected, "\(name), cut at \(cuts)")
            }
        }
    }

    @Test func `one answer, a refused request and a bare body are decoded as what they are`() throws {
        let answer = try lines(decode(Self.path("llama-chat-nostream"), "--api", "openai-chat", "--no-stream").output)
        #expect(answer.map { $0["kind"] } == ["text", "terminal", nil] && answer.last?["outcome"] == "ok")
        let refused = try lines(decode(Self.path("llama-err-401"), "--api", "openai-chat").output)
        #expect(refused.last?["outcome"] == "http_error" && refused.last?["message"] == "Invalid API Key")
        let folder = try TemporaryFolder()
        let body = try folder.write("{\"error\":{\"message\":\"slow down\"}}", to: "body")
        let limited = try lines(decode(body, "--api", "anthropic", "--status", "429").output)
        #expect(limited.last?["detail"] == "rate_limited" && limited.last?["message"] == "slow down")
    }

    @Test(
        arguments: [
            (["missing.http", "--api", "sse"], 66, "missing.http: No such file"),
            ([".", "--api", "sse"], 65, ".: Is a directory"),
            (["README.md", "--api", "openai"], 64, "no API is called 'openai'; there are openai-chat"),
            (["README.md"], 64, "--api"),
            (["README.md", "--api", "sse", "--reads", "1,x"], 64, "'x' is no offset"),
            (["README.md", "--api", "sse", "--reads", "5,3"], 64, "3 comes after 5"),
            (["README.md", "--api", "sse", "--reads", "99999999"], 64, "beyond the body"),
            (["README.md", "--api", "sse", "--status", "7"], 64, "7 is no HTTP status"),
        ] as [([String], Int32, String)])
    func `a mistake is named`(_ arguments: [String], _ status: Int32, _ message: String) throws {
        let result = try Tool.run(executable: Tool.path, ["decode"] + arguments)
        #expect(result.status == status && result.output.isEmpty)
        #expect(result.errors.contains(message), "\(result.errors)")
    }

    @Test func `a capture of a raw connection is refused without its headers, and read with them`() throws {
        let folder = try TemporaryFolder()
        let body = "10\r\ndata: [DONE]\n\n  \r\n0\r\n\r\n"
        let bare = try decode(try folder.write(body, to: "bare"), "--api", "openai-chat")
        #expect(bare.status == 65 && bare.errors.contains("Transfer-Encoding: chunked"))
        let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n"
        let whole = try decode(try folder.write(head + body, to: "whole"), "--api", "openai-chat")
        #expect(try lines(whole.output).map { $0["kind"] } == ["terminal", nil])
    }
}
