import Foundation
import Testing
import Timeline

/// A key goes into the HTTP request and nowhere else, even where the server sends it back.
@Suite struct SecretTests {
    /// Behaviours that send the key back: in errors, headers, the stream, its fields, escaped, or cut in two by a length limit.
    static let echoes = [
        "echo-error", "echo-escaped", "echo-html", "echo-cut", "echo-event", "echo-stream", "echo-identifier",
    ]

    /// Runs of a scenario with a secret, and everything that they left to be searched.
    private struct Scene {
        let secret = "sk-canary/\(UInt64.random(in: 0...UInt64.max))+\(UInt64.random(in: 0...UInt64.max))"
        let server: HostileServer
        let folder: TemporaryFolder
        let scenario: String
        let database: String

        init(key: (TemporaryFolder, String) throws -> String, api: String = "openai-chat") throws {
            server = try HostileServer()
            folder = try TemporaryFolder()
            database = folder.file("runs.sqlite").path
            let entry = try key(folder, secret)
            let url = server.url
            let targets = (SecretTests.echoes + ["good", "stalls"]).map { behaviour in
                """
                  - {name: \(behaviour), api: \(api), model: m, base_url: "\(url)/\(behaviour)", \(entry)}
                """
            }.joined(separator: "\n")
            scenario = try folder.write(
                """
                name: secret
                targets:
                \(targets)
                load: {closed: {concurrency: 1}, requests: 2}
                timeouts: {stall: 1s, first_token: 1s}
                max_error_rate: 1
                store: {raw: all, text: true}
                """, to: "secret.yaml")
        }

        /// The parts of the secret that must not appear: its beginning stays recognisable in any encoding.
        var traces: [String] { [String(secret.prefix(8)), String(secret.suffix(12))] }

        func isClean(_ text: String) -> Bool { !traces.contains { text.contains($0) } }

        func isClean(_ bytes: Data) -> Bool { !traces.contains { bytes.range(of: Data($0.utf8)) != nil } }
    }

    private func variableKey(_ folder: TemporaryFolder, _ secret: String) -> String { "api_key_env: TTFT_CANARY" }

    private func fileKey(_ folder: TemporaryFolder, _ secret: String) throws -> String {
        _ = try folder.write(secret + "\n", to: "canary.key")
        return "api_key_file: canary.key"
    }

    @Test(arguments: ["openai-chat", "openai-completions", "anthropic"])
    func `a key from a variable stays out of everything that is stored or printed`(_ api: String) throws {
        try search(try Scene(key: variableKey, api: api), hasVariable: true)
    }

    @Test func `a key from a file stays out of everything that is stored or printed`() throws {
        try search(try Scene(key: fileKey), hasVariable: false)
    }

    private func search(_ scene: Scene, hasVariable: Bool) throws {
        let environment = hasVariable ? ["TTFT_CANARY": scene.secret] : [:]
        let (process, finish) = try Tool.start(
            Tool.path, ["run", scene.scenario, "--db", scene.database, "--full"], environment: environment)
        let running = RunningProcess(identifier: process.processIdentifier)
        // A request that stalls keeps the run going, with the write-ahead log beside the database.
        let log = scene.database + "-wal"
        let isUnderWay = eventually(within: 20) { storedCount(scene) >= 6 }
        #expect(isUnderWay)
        #expect(running.commandLine.contains("secret.yaml") && scene.isClean(running.commandLine))
        if let bytes = try? Data(contentsOf: URL(fileURLWithPath: log)) {
            #expect(!bytes.isEmpty && scene.isClean(bytes), "the write-ahead log")
        } else {
            Issue.record("no write-ahead log to search")
        }
        process.waitUntilExit()
        let result = finish()
        #expect(scene.isClean(result.output) && scene.isClean(result.errors))
        try checkArrival(scene)
        try searchDatabase(scene)
        try searchOutputs(scene, environment: environment)
    }

    private func storedCount(_ scene: Scene) -> Int {
        // The tables come a moment after the process.
        let count = try? StoredRows(path: scene.database).texts("SELECT count(*) FROM requests").first
        return count.flatMap { Int($0) } ?? 0
    }

    /// The server did get the key and did send it back, or there would be nothing to find.
    private func checkArrival(_ scene: Scene) throws {
        let requests = try scene.server.requests()
        #expect(requests.count >= 2 * (Self.echoes.count + 2))
        #expect(
            requests.allSatisfy { request in
                let keys = [request["authorization"], request["x-api-key"]].compactMap { $0 as? String }
                return keys.contains(scene.secret) || keys.contains("Bearer \(scene.secret)")
            })
    }

    private func searchDatabase(_ scene: Scene) throws {
        for suffix in ["", "-wal", "-shm"] {
            guard let bytes = try? Data(contentsOf: URL(fileURLWithPath: scene.database + suffix)) else { continue }
            #expect(scene.isClean(bytes), "\(suffix)")
        }
        let dump = try Tool.run(executable: "/usr/bin/env", ["sqlite3", scene.database, ".dump"])
        #expect(dump.output.count > 1000 && scene.isClean(dump.output))
        // What stood around the secret is still there.
        let rows = StoredRows(path: scene.database)
        let messages = try rows.texts("SELECT outcome_message FROM requests WHERE target = 'echo-error'")
        #expect(messages == Array(repeating: "Incorrect API key provided: ***", count: 2))
        let bodies = try rows.texts("SELECT CAST(raw_body AS TEXT) FROM requests WHERE target = 'echo-html'")
        #expect(bodies == Array(repeating: "<html><body>***</body></html>", count: 2))
        let headers = try rows.texts("SELECT response_headers FROM requests WHERE target = 'echo-error'")
        #expect(headers.allSatisfy { $0.contains("[\"Via\",\"Bearer ***\"]") })
    }

    private func searchOutputs(_ scene: Scene, environment: [String: String]) throws {
        let export = scene.folder.file("export").path
        var commands = ["table", "csv", "json", "markdown"].map { ["report", "--format", $0] }
        commands += [["report", "--full"], ["show"], ["show", "--failed"], ["check"], ["runs", "--json"], ["runs"]]
        commands += [["compare", "latest"], ["compare", "latest", "--json"]]
        commands += (0..<18).map { ["show", "latest", "--request", "\($0)"] }
        commands += [["export", "latest", "--output", export, "--all-events"]]
        commands = commands.map { $0 + ["--db", scene.database] }
        commands += [["run", scene.scenario, "--print-config"], ["run", scene.scenario, "--dry-run"], ["--help"]]
        commands += HelpTests.verbs.map { $0 + ["--help"] }
        for command in commands {
            let result = try Tool.run(executable: Tool.path, command, environment: environment)
            #expect(!(result.output + result.errors).isEmpty, "\(command)")
            #expect(scene.isClean(result.output) && scene.isClean(result.errors), "\(command)")
        }
        let files = try FileManager.default.contentsOfDirectory(atPath: export)
        #expect(files.count == 5)
        for file in files {
            #expect(scene.isClean(try Data(contentsOf: URL(fileURLWithPath: "\(export)/\(file)"))), "\(file)")
        }
    }

    @Test func `a saved scenario names the variable and does not hold the key`() throws {
        let secret = "sk-canary-\(UInt64.random(in: 0...UInt64.max))"
        let server = try SimulatorServer("--ttft-ms", "5", "--itl-ms", "1", "--tokens", "5")
        let folder = try TemporaryFolder()
        let saved = folder.file("saved.yaml")
        let result = try Tool.run(
            "run", server.url, "--key-env", "TTFT_CANARY", "-n", "2", "--save", saved.path, "--db",
            folder.file("runs.sqlite").path, "--allow-client-limited", environment: ["TTFT_CANARY": secret])
        #expect(result.status == 0, "\(result.errors)")
        let text = try String(contentsOf: saved, encoding: .utf8)
        #expect(text.contains("api_key_env: \"TTFT_CANARY\""))
        for place in [text, result.output, result.errors] { #expect(!place.contains(secret)) }
        let dump = try Tool.run(executable: "/usr/bin/env", ["sqlite3", folder.file("runs.sqlite").path, ".dump"])
        #expect(!dump.output.contains(secret))
    }

    @Test func `a password in a URL is refused before anybody connects, and not repeated`() throws {
        for url in ["http://user:hunter22@127.0.0.1:1", "http://127.0.0.1:1/?api_key=hunter22"] {
            let result = try Tool.run("run", url)
            #expect(result.status == 78 && result.output.isEmpty)
            #expect(result.errors.contains("api_key_env") && !result.errors.contains("hunter22"), "\(result.errors)")
        }
    }

    @Test func `a word that is too short for a key is left in texts`() throws {
        let server = try HostileServer()
        let folder = try TemporaryFolder()
        let scenario = try folder.write(
            """
            name: word
            targets: [{name: a, api: openai-chat, model: m, base_url: "\(server.url)/good", api_key_env: TTFT_CANARY}]
            load: {closed: {concurrency: 1}, requests: 1}
            store: {text: true}
            """, to: "word.yaml")
        let rows = StoredRows(path: folder.file("runs.sqlite").path)
        // The server answers with this very word; local servers ask for keys like it.
        _ = try Tool.run("run", scenario, "--db", rows.path, environment: ["TTFT_CANARY": "word"])
        #expect(try rows.texts("SELECT event_texts FROM requests").first?.contains("\"word \"") == true)
    }
}
