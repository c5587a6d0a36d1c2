import Foundation
import Testing

/// Requests that are signed with AWS credentials: the credentials stay out of everything but the signature.
@Suite struct SignedRequestTests {
    private let accessKey = "CANARYID\(UInt32.random(in: 100_000_000...UInt32.max))"
    private let secretKey = "canary/\(UInt64.random(in: 0...UInt64.max))+\(UInt64.random(in: 0...UInt64.max))"
    private let token = "canaryToken//\(UInt64.random(in: 0...UInt64.max))=="

    private var environment: [String: String] {
        ["TTFT_CANARY_ID": accessKey, "TTFT_CANARY_SECRET": secretKey, "TTFT_CANARY_TOKEN": token]
    }

    private func isClean(_ text: String) -> Bool {
        let traces = [accessKey, secretKey, token].flatMap { [String($0.prefix(12)), String($0.suffix(12))] }
        return !traces.contains { text.contains($0) }
    }

    private func scenario(_ url: String, in folder: TemporaryFolder) throws -> String {
        let access =
            "{access_key_env: TTFT_CANARY_ID, secret_key_env: TTFT_CANARY_SECRET, "
            + "session_token_env: TTFT_CANARY_TOKEN, region: us-east-1}"
        let targets = ["echo-fields", "echo-error", "echo-html"].map {
            "  - {name: \($0), api: bedrock, model: \"m-v1:0\", base_url: \"\(url)/\($0)\", aws: \(access)}"
        }.joined(separator: "\n")
        return try folder.write(
            """
            name: signed
            targets:
            \(targets)
            load: {closed: {concurrency: 1}, requests: 2}
            max_error_rate: 1
            store: {raw: all, text: true}
            """, to: "signed.yaml")
    }

    @Test func `a signed request names its credentials to the server and to nobody else`() throws {
        let server = try HostileServer()
        let folder = try TemporaryFolder()
        let scenario = try scenario(server.url, in: folder)
        let database = folder.file("runs.sqlite").path
        let result = try Tool.run("run", scenario, "--db", database, "--full", environment: environment)
        #expect(result.errors.contains("error") || result.status == 0, "\(result.errors)")
        let requests = try server.requests()
        #expect(requests.count == 6)
        for request in requests {
            let authorization = try #require(request["authorization"] as? String)
            #expect(authorization.hasPrefix("AWS4-HMAC-SHA256 Credential=\(accessKey)/"))
            #expect(
                authorization.contains("/us-east-1/bedrock/aws4_request, SignedHeaders=content-type;host;x-amz-date"))
            #expect(request["x-amz-security-token"] as? String == token)
            #expect((request["x-amz-date"] as? String)?.count == 16)
        }
        #expect(isClean(result.output) && isClean(result.errors))
        let dump = try Tool.run(executable: "/usr/bin/env", ["sqlite3", database, ".dump"])
        #expect(dump.output.contains("***") && isClean(dump.output))
        let messages = try StoredRows(path: database).texts(
            "SELECT outcome_message FROM requests WHERE target = 'echo-fields'")
        #expect(messages.count == 2 && messages.allSatisfy { $0.contains("***") && isClean($0) })
        var commands = [["report", "--full"], ["report", "--format", "json"], ["show"], ["show", "--failed"]]
        commands += [["show", "latest", "--request", "0"]].map { $0 }
        commands = commands.map { $0 + ["--db", database] }
        commands += [["run", scenario, "--print-config"], ["run", scenario, "--dry-run"]]
        for command in commands {
            let result = try Tool.run(executable: Tool.path, command, environment: environment)
            #expect(!result.output.isEmpty && isClean(result.output) && isClean(result.errors), "\(command)")
        }
    }

    @Test func `credentials that are missing are named before anything is sent`() throws {
        let folder = try TemporaryFolder()
        let scenario = try scenario("http://127.0.0.1:1", in: folder)
        let result = try Tool.run("run", scenario, environment: ["TTFT_CANARY_ID": accessKey])
        #expect(result.status == 78)
        #expect(result.errors.contains("TTFT_CANARY_SECRET and TTFT_CANARY_TOKEN are not set"), "\(result.errors)")
        #expect(isClean(result.errors))
    }
}
