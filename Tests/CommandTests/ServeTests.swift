import Foundation
import Testing

/// The pages of `ttft serve`, by a browser, by sockets, and by those who should not be let in.
@Suite(.serialized) struct ServeTests {
    private static let scenario = """
        name: followed
        targets:
          - {name: steady, simulate: {ttft: 60ms, gap: 4ms, tokens: 25, jitter: 0.2}}
          - {name: broken, simulate: {ttft: 90ms, gap: 2ms, tokens: 25, fault: truncated, fault_every: 5}}
        load: {closed: {concurrency: 3}, duration: 14s, warmup: {requests: 3}}
        max_error_rate: 0.5
        """

    /// Runs a check of `serve_checks.py`, and expects that it finds nothing wrong.
    private func check(_ arguments: String...) throws {
        let script = Tool.root.appendingPathComponent("Tests/CommandTests/serve_checks.py").path
        let isNamed = ProcessInfo.processInfo.environment["TTFT_PYTHON"] != nil
        let result = try Tool.run(executable: Tool.python, (isNamed ? [] : ["python3"]) + [script] + arguments)
        #expect(
            result.status == 0 && result.output.isEmpty && result.errors.isEmpty, "\(result.output)\(result.errors)")
    }

    @Test func `a browser follows a run, is cut off, and resumes with nothing lost or doubled`() throws {
        let folder = try TemporaryFolder()
        let scenario = try folder.write(Self.scenario, to: "followed.yaml")
        try check("follow", Tool.path, scenario, folder.file("runs.sqlite").path)
    }

    @Test func `events that are cut after any byte come once each, and clients that have gone leave nothing`() throws {
        let folder = try TemporaryFolder()
        let scenario = try folder.write(Self.scenario, to: "followed.yaml")
        try check("resume", Tool.path, scenario, folder.file("runs.sqlite").path)
    }

    @Test func `names, methods, paths, sizes and tokens that should not be let in are refused`() throws {
        let folder = try TemporaryFolder()
        let database = folder.file("runs.sqlite").path
        let scenario = try folder.write(
            """
            name: small
            targets: [{name: small, simulate: {ttft: 5ms, gap: 1ms, tokens: 5}}]
            load: {closed: {concurrency: 1}, requests: 3}
            """, to: "small.yaml")
        let run = try Tool.run("run", scenario, "--db", database, "--allow-client-limited")
        try #require(run.status == 0, "\(run.errors)")
        try check("guard", Tool.path, database)
    }

    @Test func `a page asks targets, shows what they send when they send it, and is the only one who may`() throws {
        let folder = try TemporaryFolder()
        let database = folder.file("runs.sqlite").path
        let scenario = try folder.write(
            """
            targets: [{name: small, simulate: {ttft: 5ms, gap: 1ms, tokens: 5}}]
            load: {closed: {concurrency: 1}, requests: 1}
            """, to: "small.yaml")
        let run = try Tool.run("run", scenario, "--db", database, "--allow-client-limited")
        try #require(run.status == 0, "\(run.errors)")
        try check("play", Tool.path, database, folder.url.path)
    }
}
