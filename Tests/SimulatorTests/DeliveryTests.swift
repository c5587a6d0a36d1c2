import Simulator
import Testing
import TestSupport
import Timeline

@Suite struct DeliveryTests {
    /// The content's sends, as groups of equal instants: each group's tokens and its offset from the request's end.
    private func groups(_ entry: SendLogEntry) -> [(tokens: Int, offset: Double)] {
        var groups: [(tokens: Int, offset: Double)] = []
        var last: Instant?
        for send in entry.contentSends {
            if send.instant == last {
                groups[groups.count - 1].tokens += send.tokens
            } else {
                groups.append((send.tokens, (send.instant - entry.bodyRead).milliseconds))
            }
            last = send.instant
        }
        return groups
    }

    private let script = StreamScript(timeToFirstToken: .milliseconds(20), gap: .milliseconds(10), tokens: 10)

    @Test(arguments: FaultOutcome.apis)
    func `a burst holds events until there are so many, and then sends them at once`(api: String) throws {
        var script = script
        script.burst = 4
        let play = try FaultPlay(nil, api: api, script: script)
        let groups = groups(play.entry)
        #expect(groups.map(\.tokens) == [4, 4, 2])
        for (group, due) in zip(groups, [50.0, 90, 110]) {
            #expect(group.offset >= due - 1e-6 && group.offset < due + 250)
        }
        #expect(play.entry.status == .completed)
    }

    @Test func `a proxy's buffer is emptied at a time after its first byte, and at the end`() throws {
        var script = script
        script.buffering = .milliseconds(45)
        let play = try FaultPlay(nil, script: script)
        // The role comes at 0: the buffer empties at 45. The next bytes come at 50: it empties at 95, then at the end.
        let groups = groups(play.entry)
        #expect(groups.map(\.tokens) == [3, 5, 2])
        for (group, due) in zip(groups, [45.0, 95, 110]) {
            #expect(group.offset >= due - 1e-6 && group.offset < due + 250)
        }
        #expect(play.entry.sends.first?.instant == play.entry.contentSends.first?.instant)
    }

    @Test func `one segment has all events, and two in a segment come in pairs`() throws {
        let one = try FaultPlay("one-segment", script: script)
        #expect(Set(one.entry.sends.map(\.instant)).count == 1)
        #expect(one.entry.done == one.entry.sends.last?.instant)
        let pairs = try FaultPlay("two-per-segment", script: script)
        #expect(groups(pairs.entry).map(\.tokens) == [2, 2, 2, 2, 2])
    }

    @Test func `what is reported from a cache is at most the prompt, in each API's own field`() throws {
        var script = script
        script.gap = .zero
        script.cachedTokens = 1
        let fields: [(String, String)] = [
            ("openai-chat", #""prompt_tokens_details":{"cached_tokens":1}"#),
            ("openai-responses", #""input_tokens_details":{"cached_tokens":1}"#),
            ("anthropic", #""input_tokens":0,"cache_creation_input_tokens":0,"cache_read_input_tokens":1"#),
            ("gemini", #""cachedContentTokenCount":1"#), ("bedrock", #""cacheReadInputTokens":1"#),
            ("cohere", #""cached_tokens":1.0"#), ("llama-cpp", #""cache_n":1,"prompt_n":0"#),
        ]
        for (api, field) in fields {
            #expect(try FaultPlay(nil, api: api, script: script).text.contains(field), "\(api)")
        }
        // Ollama says nothing of a prompt that was cached whole.
        #expect(try !FaultPlay(nil, api: "ollama", script: script).text.contains("prompt_eval_count"))
        script.cachedTokens = 1000
        #expect(try FaultPlay(nil, script: script).text.contains(#""cached_tokens":1}"#))
    }

    @Test func `the served model and its fingerprint change after every so many requests`() throws {
        var script = StreamScript(timeToFirstToken: .zero, gap: .zero, tokens: 1)
        script.modelChangesEvery = 2
        let server = try SimulatedServer(scripts: ["t": script])
        try server.start()
        let request = DialectRequest.streaming("openai-chat", target: "t")
        let models = try (1...5).map { _ in
            let client = try RawClient(server)
            client.post(request.path, request.body)
            try client.read(until: "\r\n0\r\n\r\n")
            let chunk = try JSONValue(parsing: try #require(client.events.first))
            return [chunk["model"]?.stringValue, chunk["system_fingerprint"]?.stringValue]
        }
        server.stop()
        let second = ["m-v2", "fp_simulated_2"]
        #expect(
            models == [["m", "fp_simulated"], ["m", "fp_simulated"], second, second, ["m-v3", "fp_simulated_3"]])
    }

    @Test func `a server's own times are reported where they were asked for, and no longer than a client's`() throws {
        var script = script
        #expect(try FaultPlay(nil, script: script).header("openai-processing-ms") == nil)
        script.reportsTiming = true
        let play = try FaultPlay(nil, script: script)
        #expect(play.header("openai-processing-ms").flatMap { Int($0) }.map { $0 >= 0 } == true)
        let usage = try JSONValue(parsing: try #require(play.events.dropLast().last))
        let metrics = try #require(usage["metrics"])
        let first = try #require(metrics["time_to_first_token_ms"]?.doubleValue)
        let gap = try #require(metrics["mean_itl_ms"]?.doubleValue)
        #expect(abs(first - 20) < 0.001 && abs(gap - 10) < 0.001)
        let sent = try #require(play.entry.firstTokenSent)
        #expect(first <= (sent - play.entry.bodyRead).milliseconds)
        #expect(
            try FaultPlay(nil, api: "gemini", script: script).header("server-timing")?.hasPrefix("gfet4t7; dur=")
                == true)
    }
}
