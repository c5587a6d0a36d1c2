import Foundation
import Testing

/// What a person types or writes wrongly: the message names the place and the remedy, the status the kind of mistake,
/// and standard output stays empty, since nothing was measured.
@Suite struct BadInputTests {
    /// Checks that a command fails as expected; every text must be in what it says on standard error.
    private func refuses(
        _ arguments: [String], _ status: Int32, _ texts: String..., in folder: TemporaryFolder,
        environment: [String: String] = [:], location: SourceLocation = #_sourceLocation
    ) throws {
        let result = try Tool.run(executable: Tool.path, arguments, in: folder.url, environment: environment)
        let place = Comment(rawValue: "\(arguments): \(result.errors)")
        #expect(result.status == status, place, sourceLocation: location)
        #expect(result.output.isEmpty, place, sourceLocation: location)
        for text in texts { #expect(result.errors.contains(text), place, sourceLocation: location) }
        let files = try FileManager.default.contentsOfDirectory(atPath: folder.url.path)
        #expect(!files.contains("ttft.sqlite"), "something was stored", sourceLocation: location)
    }

    private func target(_ more: String) -> String {
        """
        name: wrong
        targets:
          - name: server
            api: openai-chat
            base_url: http://127.0.0.1:1/v1
            model: m
            \(more)
        load: {closed: {concurrency: 1}, requests: 1}
        """
    }

    @Test func `a scenario that is missing or is no scenario`() throws {
        let folder = try TemporaryFolder()
        try refuses(["run", "missing.yaml"], 66, "missing.yaml: no such file", "Scenarios/quickstart.yaml", in: folder)
        try refuses(["run", "."], 78, ".: cannot be read as a file", in: folder)
        _ = try folder.write("a: [1\nb: {", to: "broken.yaml")
        try refuses(["run", "broken.yaml"], 78, "broken.yaml:2:2: not YAML", in: folder)
        _ = try folder.write("", to: "empty.yaml")
        try refuses(["run", "empty.yaml"], 78, "empty.yaml:1:1: 'load' is missing", "'targets' is missing", in: folder)
        try Data([0xff, 0xfe, 0x00]).write(to: folder.file("binary.yaml"))
        try refuses(["run", "binary.yaml"], 78, "binary.yaml", "UTF-8", in: folder)
    }

    @Test func `a wrong key or value names its place and what was meant`() throws {
        let folder = try TemporaryFolder()
        _ = try folder.write(target("conections: reuse"), to: "key.yaml")
        try refuses(
            ["run", "key.yaml"], 78, "key.yaml:7:5: unknown key 'conections'", "did you mean 'connections'?",
            in: folder)
        let text = target("http: '1.1'").split(separator: "openai-chat").joined(separator: "opanai-chat")
        _ = try folder.write(text, to: "api.yaml")
        try refuses(
            ["run", "api.yaml"], 78, "api.yaml:4:10:", "'opanai-chat'", "did you mean 'openai-chat'?",
            "openai-completions", "anthropic", in: folder)
    }

    @Test func `a key that is written out or missing`() throws {
        let folder = try TemporaryFolder()
        for (entry, place) in [("api_key: sk-123456789", "7:5"), ("api_key_env: sk-123456789", "7:18")] {
            _ = try folder.write(target(entry), to: "literal.yaml")
            try refuses(["run", "literal.yaml"], 78, "literal.yaml:\(place):", "api_key_env", in: folder)
            let result = try Tool.run("run", "literal.yaml", in: folder.url)
            #expect(!result.errors.contains("sk-123456789"), "a key must not be repeated")
        }
        _ = try folder.write(target("headers: {Authorization: Bearer abc}"), to: "header.yaml")
        try refuses(["run", "header.yaml"], 78, "header.yaml:7:15:", "carries a secret", in: folder)
        _ = try folder.write(target("api_key_env: TTFT_NO_SUCH_KEY"), to: "unset.yaml")
        try refuses(
            ["run", "unset.yaml"], 78, "unset.yaml:7:18: TTFT_NO_SUCH_KEY is not set", "--skip-unconfigured",
            in: folder)
        try refuses(["run", "unset.yaml", "--skip-unconfigured"], 78, "no target is left", in: folder)
    }

    @Test func `--skip-unconfigured leaves out what lacks its key, and says so`() throws {
        let folder = try TemporaryFolder()
        let scenario = try folder.write(
            """
            targets:
              - {name: real, api: openai-chat, base_url: "http://127.0.0.1:1", model: m, api_key_env: TTFT_NO_SUCH_KEY}
              - {name: played, simulate: {ttft: 5ms, gap: 1ms, tokens: 5}}
            load: {closed: {concurrency: 1}, requests: 2}
            """, to: "two.yaml")
        let result = try Tool.run("run", scenario, "--skip-unconfigured", "--allow-client-limited", in: folder.url)
        #expect(result.status == 0)
        #expect(result.errors.contains("skipped real: TTFT_NO_SUCH_KEY is not set"), "\(result.errors)")
        let rows = StoredRows(path: folder.file("ttft.sqlite").path)
        #expect(try rows.texts("SELECT DISTINCT target FROM requests") == ["played"])
    }

    @Test func `an override that is none`() throws {
        let folder = try TemporaryFolder()
        let scenario = Tool.root.path + "/Scenarios/quickstart.yaml"
        for (override, texts) in [
            ("load.closed", ["--set load.closed: must be key=value"]),
            ("=3", ["must be key=value"]),
            ("load.closed.concurency=3", ["--set load.closed.concurency", "did you mean 'concurrency'?"]),
            ("load.requests=many", ["--set load.requests", "a whole number", "'many'"]),
            ("timeouts.stall=5", ["--set timeouts.stall: timeouts.stall needs a unit"]),
            ("targets.nobody.model=x", ["--set targets.nobody.model", "gpt-4o-mini"]),
        ] {
            for text in texts { try refuses(["run", scenario, "--set", override], 78, text, in: folder) }
        }
        try refuses(["run", scenario, "--target", "nobody"], 78, "--target nobody", "gpt-4o-mini", in: folder)
        try refuses(["run", scenario, "--model", "x"], 78, "--set targets.0.model=NAME", in: folder)
    }

    @Test func `wrong flags`() throws {
        let folder = try TemporaryFolder()
        let scenario = Tool.root.path + "/Scenarios/quickstart.yaml"
        for (arguments, text) in [
            (["run"], "<scenario|url>"), (["run", scenario, "--bogus"], "--bogus"), (["bogus"], "bogus"),
            (["run", scenario, "--format", "pdf"], "'table', 'csv', 'json', 'markdown' or 'html'"),
            (["run", scenario, "--stamps", "magic"], "--stamps"), (["run", scenario, "-c", "many"], "many"),
            (["show", "--slowest", "0"], "--slowest must be at least 1"), (["export", "latest"], "--output"),
            (["compare"], "<run|file|dir>"), (["simulate", "--profile", "gpt-9"], "gpt-4o-mini"),
            (["simulate", "--fault", "gremlins"], "truncated-mid-json"),
            (["simulate", "--host", "8.8.8.8"], "127.0.0.1 or ::1"), (["simulate", "--port", "99999"], "99999"),
            (["explain", "nonsense"], "no metric is called 'nonsense'; there are ttft,"),
        ] {
            try refuses(arguments, 64, text, in: folder)
        }
    }

    @Test func `a server that is not there`() throws {
        let folder = try TemporaryFolder()
        _ = try folder.write(target(""), to: "closed.yaml")
        try refuses(
            ["run", "closed.yaml"], 69, "target 'server' at http://127.0.0.1:1/v1", "nothing was measured", in: folder)
        try refuses(["run", "http://127.0.0.1:1"], 69, "http://127.0.0.1:1", "is the server running?", in: folder)
        try refuses(["run", "http://127.0.0.1:1", "--key-env", "TTFT_NO_SUCH_KEY"], 78, "is not set", in: folder)
        try refuses(["run", "http://:80"], 78, "has no host", in: folder)
        try refuses(["run", "ftp://127.0.0.1:1"], 78, "allowed are http:// and https://", in: folder)
        try refuses(["probe", "ftp://127.0.0.1:1"], 78, "allowed are http:// and https://", in: folder)
    }

    @Test func `flags are judged before any server is asked`() throws {
        let folder = try TemporaryFolder()
        _ = try folder.write("", to: "there.yaml")
        let url = "http://127.0.0.1:1"
        try refuses(["run", url, "-c", "-1"], 78, "--concurrency", "from 1 to 100000; found '-1'", in: folder)
        try refuses(["run", url, "-n", "0"], 78, "--requests", "from 1 to 10000000; found '0'", in: folder)
        try refuses(["run", url, "--api", "nope"], 78, "--api", "unknown value 'nope'", in: folder)
        try refuses(["run", url, "--save", "there.yaml"], 1, "exists already; it is not overwritten", in: folder)
    }

    @Test func `a server that is no LLM server`() throws {
        let folder = try TemporaryFolder()
        let server = try HostileServer()
        try refuses(
            ["run", server.url + "/rate-limited"], 78, "no model found", "/v1/models answers HTTP 429", "--model NAME",
            in: folder)
        let secure = server.url.replacingOccurrences(of: "http://", with: "https://")
        try refuses(["run", secure], 69, "accepts connections, but no TLS", "http://", in: folder)
    }

    @Test func `a database in a folder that is not there`() throws {
        let folder = try TemporaryFolder()
        let scenario = Tool.root.path + "/Scenarios/quickstart.yaml"
        try refuses(["run", scenario, "--db", "no/a.sqlite"], 66, "no/a.sqlite", "no folder no; make it", in: folder)
    }

    @Test func `one server of two that is not there is counted, not fatal`() throws {
        let folder = try TemporaryFolder()
        let scenario = try folder.write(
            """
            targets:
              - {name: gone, api: openai-chat, base_url: "http://127.0.0.1:1", model: m}
              - {name: played, simulate: {ttft: 5ms, gap: 1ms, tokens: 5}}
            load: {closed: {concurrency: 1}, requests: 2}
            """, to: "two.yaml")
        let result = try Tool.run("run", scenario, in: folder.url)
        #expect(result.status == 6)
        #expect(result.errors.contains("target 'gone'") && result.errors.contains("counted as failed"))
        let rows = StoredRows(path: folder.file("ttft.sqlite").path)
        let outcomes = try rows.texts("SELECT target, outcome, count(*) FROM requests GROUP BY target, outcome")
        #expect(outcomes == ["gone|connect_error|2", "played|ok|2"])
    }
}
