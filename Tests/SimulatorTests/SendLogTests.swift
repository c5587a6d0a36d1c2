import Foundation
import Simulator
import Testing
import Timeline

@Suite struct SendLogTests {
    private let body = #"{"model":"m-1","messages":[{"role":"user","content":"hello"}],"stream":true,"max_tokens":3}"#

    @Test func `the log's line is there when its answer has ended, with every send`() throws {
        let path = FileManager.default.temporaryDirectory.appending(path: "sends-\(UUID().uuidString).jsonl").path
        defer { try? FileManager.default.removeItem(atPath: path) }
        let script = StreamScript(timeToFirstToken: .milliseconds(3), gap: .milliseconds(1))
        let server = try SimulatedServer(scripts: ["a": script], logPath: path, keepsLog: false)
        try server.start()
        let client = try RawClient(server)
        client.post("/a/v1/chat/completions", body, headers: "X-Request-Id: one\r\n")
        try client.read(until: "0\r\n\r\n")
        client.forget()
        // The second answer can only come after the first one's line: the loop is one thread.
        client.send("GET /health HTTP/1.1\r\n\r\n")
        try client.read(until: "ok")
        let lines = try String(contentsOfFile: path, encoding: .utf8).split(separator: "\n")
        server.stop()

        #expect(server.log.isEmpty)
        #expect(lines.count == 1)
        let line = try JSONValue(parsing: String(lines[0]))
        #expect(line["id"] == "one" && line["target"] == "a" && line["model"] == "m-1" && line["stream"] == true)
        #expect(line["path"] == "/a/v1/chat/completions" && line["asked_tokens"] == 3 && line["output_tokens"] == 3)
        #expect(line["kinds"] == "rtttf" && line["tokens"] == [0, 1, 1, 1, 0] && line["status"] == "completed")
        #expect(line["connection"] == 1 && line["ordinal"] == 1 && line["prompt_characters"] == 5)
        #expect(line["fault"] == .null && line["text"] == nil && line["blocked"] == 0)
        let sends = try #require(line["sends_ns"]?.arrayValue).compactMap(\.integerValue)
        let names = ["accepted_ns", "head_ns", "body_ns", "answered_ns"]
        let instants =
            names.compactMap { line[$0]?.integerValue } + sends
            + ["done_ns", "ended_ns"].compactMap {
                line[$0]?.integerValue
            }
        #expect(instants.count == 4 + 5 + 2)
        #expect(instants == instants.sorted())
        #expect(line["finish_ns"]?.integerValue == sends.last)
        let returned = try #require(line["returned_ns"]?.arrayValue).compactMap(\.integerValue)
        #expect(returned.count == sends.count && zip(sends, returned).allSatisfy { $0 < $1 })
        #expect(zip(returned, sends.dropFirst()).allSatisfy { $0 <= $1 })
    }

    @Test func `a log that cannot be written is refused with its path`() {
        let path = "/nonexistent/log.jsonl"
        #expect(throws: SimulatorError.cannotOpenLog(path: path, reason: "No such file or directory")) {
            try SimulatedServer(scripts: ["a": StreamScript()], logPath: path)
        }
    }

    @Test func `an answer that is being played when the server stops is logged as it stands`() throws {
        let server = try SimulatedServer(scripts: ["a": StreamScript(timeToFirstToken: .seconds(60))])
        try server.start()
        let client = try RawClient(server)
        client.post("/v1/chat/completions", body)
        try client.read(until: "assistant")
        server.stop()
        #expect(server.log.map(\.status) == [.disconnected])
        #expect(server.log.first?.outputTokens == 0)
    }
}
