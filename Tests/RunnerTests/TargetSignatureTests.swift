import Scenarios
import Testing
import Timeline
import Wire

@testable import Runner

struct TargetSignatureTests {
    private static let credentials = AWSCredentials(accessKey: "ID", secretKey: "SECRET", region: "us-east-1")

    @Test func `a request is signed for the instant at which it is sent and for its own body`() throws {
        let scenario = try Scenario(
            text: """
                targets:
                  - {name: a, api: bedrock, model: "m:0", base_url: "http://127.0.0.1:9", headers: {content-type: text/json}}
                prompts: [{text: Hi}, {text: Why?}]
                load: {closed: {concurrency: 1}, requests: 2}
                """, file: "/s.yaml", overrides: [], environment: [:],
            vocabulary: ScenarioVocabulary(apis: ["bedrock"], metrics: [:]), unconfiguredTargets: .refuse,
            onlyTargets: [])
        let dialect = try #require(Dialects.named("bedrock"))
        let target = scenario.targets[0]
        let signature = try TargetSignature(
            target, dialect: dialect, scenario: scenario, credentials: Self.credentials)
        let signer = try #require(
            RequestSigner(
                url: "http://127.0.0.1:9/model/m%3A0/converse-stream",
                headers: [HeaderField("Content-Type", "text/json")],
                credentials: Self.credentials))
        for prompt in scenario.prompts {
            let before = MonotonicClock.wallClockLabel() / 1_000_000_000
            let headers = signature.headers(
                for: PlannedRequest(index: 0, targetIndex: 0, phase: .measured, prompt: prompt))
            let after = MonotonicClock.wallClockLabel() / 1_000_000_000
            let body = dialect.encode(prompt, settings: scenario.request, target: target).body
            let expected = (before...after).map {
                signer.headers(payloadHash: signer.payloadHash(of: body), wallClock: $0 * 1_000_000_000)
            }
            #expect(expected.contains(headers))
        }
    }
}
