package import Scenarios
package import Timeline
import Transport
package import Wire

/// One request and its response, with everything that was seen of them.
package struct ProbedExchange: Sendable {
    package var record: StreamRecord
    package var url: String
    /// As they were sent, but for the key, and without what HTTP/2 makes of them.
    package var requestHeaders: [HeaderField]
    package var requestBody: [UInt8]
    package var responseHeaders: [HeaderField]
    package var reads: [BodyCapture.Read]
    /// For each read, the number that it shares with those whose bytes came together with its own.
    package var readNumbers: [Int]
    package var items: [WireItem]
    /// The events as they were decoded, in the order that items refer to.
    package var events: [DecodedEvent]
    package var wasInterrupted: Bool
}

/// Fires a scenario's first request and keeps everything that is seen of it.
package struct RequestProbe {
    private let scenario: Scenario
    private var runner: ScenarioRunner
    private let target: Target
    private let hasKey: Bool
    private let isSigned: Bool

    /// Prepares the request to the scenario's first target; `keys` and `awsCredentials` hold secrets by target name.
    package init(
        scenario: Scenario, runID: String, keys: [String: String], awsCredentials: [String: AWSCredentials] = [:],
        clockSource: ClockSource
    ) throws(RunnerError) {
        let scenario = scenario.ofOneRequest
        guard let target = scenario.targets.first else { throw .unknownAPI("", target: "") }
        self.scenario = scenario
        self.target = target
        hasKey = keys[target.name] != nil
        isSigned = awsCredentials[target.name] != nil
        runner = try ScenarioRunner(
            scenario: scenario, runID: runID, keys: keys, awsCredentials: awsCredentials, clockSource: clockSource)
        runner.cancelsWhenInterrupted = true
    }

    /// Sends the request and waits for its end; nil where an interruption came before it was sent.
    package func run() throws -> ProbedExchange? {
        var record: StreamRecord?
        var responseHeaders: [HeaderField] = []
        var runner = runner
        runner.observe = { responseHeaders = $0.headers }
        let end = try runner.run(
            plan: RequestPlan(scenario, seed: scenario.seed), deliver: { record = $0.first ?? record })
        guard let record, let dialect = Dialects.named(target.api) else { return nil }
        let reads = record.bodyCapture?.reads ?? []
        let decoded = record.decodedBody(as: target.api, headers: responseHeaders, keepsItems: true)
        return ProbedExchange(
            record: record, url: dialect.url(for: target, streams: scenario.settings(of: target).stream),
            requestHeaders: requestHeaders(dialect, of: record),
            requestBody: body(dialect), responseHeaders: responseHeaders, reads: reads,
            readNumbers: ReadStamp.numbered(reads.map(ReadStamp.init)).map(\.number), items: decoded?.items ?? [],
            events: decoded?.events ?? [], wasInterrupted: end.wasInterrupted)
    }

    private func body(_ dialect: any Dialect) -> [UInt8] {
        scenario.prompts.first.map { dialect.encode($0, settings: scenario.settings(of: target), target: target).body }
            ?? []
    }

    /// The headers in the order in which libcurl writes them, with the key masked.
    private func requestHeaders(_ dialect: any Dialect, of record: StreamRecord) -> [HeaderField] {
        let configured = dialect.headers(
            for: target, settings: scenario.settings(of: target), key: hasKey ? "***" : nil)
        let names = Set(configured.map { $0.name.lowercased() })
        let host = dialect.url(for: target).split(separator: "/", omittingEmptySubsequences: true).dropFirst().first
        var headers: [HeaderField] = []
        if !names.contains("host"), let host { headers.append(HeaderField("Host", String(host))) }
        if !names.contains("accept") { headers.append(HeaderField("Accept", "*/*")) }
        headers.append(HeaderField("X-Request-Id", record.clientRequestID))
        if isSigned { headers.append(HeaderField("Authorization", "***")) }
        return headers + configured + [HeaderField("Content-Length", String(body(dialect).count))]
    }
}
