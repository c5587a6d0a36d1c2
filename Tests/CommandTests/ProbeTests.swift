import Foundation
import Testing
import Timeline

/// `ttft probe`: one request, held against what the server says that it sent.
@Suite struct ProbeTests {
    private func probe(_ arguments: String..., environment: [String: String] = [:]) throws -> Tool.Result {
        try Tool.run(executable: Tool.path, ["probe"] + arguments, environment: environment)
    }

    @Test(arguments: ["openai-chat", "openai-completions", "anthropic"])
    func `every send of the server is there, once and in its order`(_ api: String) throws {
        let server = try SimulatorServer("--ttft-ms", "30", "--itl-ms", "5", "--tokens", "12")
        let result = try probe(
            server.url, "--api", api, "--model", "m", "--prompt", "Say hi", "--max-tokens", "7", "--json")
        #expect(result.status == 0, "\(result.errors)")
        server.stop()
        let entry = try #require(try server.entries().last)
        let answer = try JSONValue(parsing: result.output)
        #expect(answer["client_request_id"]?.stringValue == entry["id"] as? String)
        #expect(answer["request"]?["body"]?["max_tokens"] == 7)
        let events = (answer["items"]?.arrayValue ?? []).flatMap { $0["events"]?.arrayValue ?? [] }
        let texts = events.filter { $0["kind"] == "text" }
        #expect(texts.count == 7 && answer["usage"]?["output"] == 7)
        #expect(answer["text"]?.stringValue == texts.compactMap { $0["text"]?.stringValue }.joined())
        let arrivals = texts.compactMap { $0["arrival_ms"]?.doubleValue }
        #expect(arrivals == arrivals.sorted() && (arrivals.first ?? 0) >= 29.9)
        let reads = answer["reads"]?.arrayValue ?? []
        #expect(reads.reduce(0) { $0 + ($1["bytes"]?.integerValue ?? 0) } == answer["response"]?["bytes"]?.integerValue)
        for read in reads {
            let instants = ["arrival_ms", "reading_ms", "late_bound_ms"].compactMap { read[$0]?.doubleValue }
            #expect(instants.count == 3 && instants[0] <= instants[1] && instants[2] > 0)
        }
    }

    @Test func `the request that is shown is the one that was sent, but for the key`() throws {
        let server = try HostileServer()
        let secret = "sk-canary-\(UInt64.random(in: 0...UInt64.max))"
        let arguments = [
            "\(server.url)/good", "--api", "anthropic", "--model", "m", "--key-env", "TTFT_CANARY", "--json",
        ]
        let result = try Tool.run(
            executable: Tool.path, ["probe"] + arguments, environment: ["TTFT_CANARY": secret])
        let headers = try JSONValue(parsing: result.output)["request"]?["headers"]?.arrayValue ?? []
        let shown = headers.map { [$0["name"]?.stringValue?.lowercased() ?? "", $0["value"]?.stringValue ?? ""] }
        let request = try #require(try server.requests().last)
        // The log's own names stand beside those of the header fields.
        let sent = request.filter { !["behaviour", "connection", "ordinal"].contains($0.key) }
            .compactMapValues { $0 as? String }
        for field in shown {
            let value = try #require(sent.first { $0.key.lowercased() == field[0] }?.value, "\(field[0]) was not sent")
            #expect(field[1] == value || (field[1] == "***" && value == secret))
        }
        #expect(shown.count == sent.count && shown.contains { $0[1] == "***" })
    }

    @Test(arguments: SecretTests.echoes, [[], ["--json"], ["--full"]])
    func `a key that the server sends back is not shown`(_ behaviour: String, _ flags: [String]) throws {
        let server = try HostileServer()
        let secret = "sk-canary/\(UInt64.random(in: 0...UInt64.max))"
        let result = try Tool.run(
            executable: Tool.path,
            ["probe", "\(server.url)/\(behaviour)", "--api", "openai-chat", "--model", "m", "--key-env", "K"] + flags,
            environment: ["K": secret])
        #expect(!result.output.isEmpty)
        for text in [result.output, result.errors] {
            #expect(!text.contains("sk-canary") && !text.contains(secret.suffix(10)))
        }
    }

    @Test func `a scenario's target is probed by its name, else the first, and nothing is stored`() throws {
        let folder = try TemporaryFolder()
        let scenario = try folder.write(
            """
            targets:
              - {name: one, simulate: {ttft: 5ms, gap: 1ms, tokens: 4}}
              - {name: "llama:8b", api: anthropic, simulate: {ttft: 5ms, gap: 1ms, tokens: 4, fault: truncated}}
            load: {closed: {concurrency: 1}, requests: 1}
            """, to: "two.yaml")
        let first = try Tool.run("probe", scenario, in: folder.url)
        #expect(first.status == 0 && first.errors.contains("probing one, the first of one, llama:8b"))
        #expect(first.output.contains("openai-chat, model one") && first.output.contains("← first token, TTFT "))
        let second = try Tool.run("probe", "\(scenario):llama:8b", in: folder.url)
        #expect(second.status == 6 && second.output.contains("anthropic, model llama:8b"))
        #expect(second.output.contains("outcome") && second.output.contains("truncated"))
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == ["two.yaml"])
        let unknown = try probe("\(scenario):three")
        #expect(unknown.status == 78 && unknown.errors.contains("one, llama:8b"))
    }

    @Test func `what is no stream is shown as it came`() throws {
        let server = try HostileServer()
        let refused = try probe("\(server.url)/json-error", "--api", "openai-chat", "--model", "m")
        #expect(refused.status == 6 && refused.output.contains("\nbody\n{\"error\""))
        let broken = try probe("\(server.url)/nothing-like-http", "--api", "openai-chat", "--model", "m")
        #expect(broken.status == 6 && broken.output.contains("no response"))
    }

    @Test func `a mistake has its exit status`() throws {
        let nobody = try probe("http://127.0.0.1:1", "--api", "openai-chat", "--model", "m")
        #expect(nobody.status == 69 && nobody.output.contains("connect_error"))
        #expect(try probe("missing.yaml:a").status == 66)
        #expect(try probe("Scenarios/quickstart.yaml", "--model", "m").status == 78)
        #expect(try probe("http://127.0.0.1:1", "--api", "m", "--model", "m").status == 78)
        #expect(try probe("http://127.0.0.1:1", "--max-tokens", "0").status == 64)
    }

    @Test func `an interruption ends the request, and what came is shown`() throws {
        let server = try SimulatorServer("--ttft-ms", "10", "--itl-ms", "30000")
        let (process, finish) = try Tool.start(
            Tool.path,
            ["probe", "\(server.url)", "--api", "openai-chat", "--model", "m", "--set", "timeouts.stall=60s"])
        Thread.sleep(forTimeInterval: 1.5)
        process.interrupt()
        process.waitUntilExit()
        let result = finish()
        #expect(result.status == 130)
        #expect(result.output.contains("outcome") && result.output.contains("cancelled"))
        #expect(result.output.contains("first token"))
    }
}
