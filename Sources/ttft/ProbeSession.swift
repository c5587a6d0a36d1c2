import Report
import Runner
import Scenarios
import Store
import Timeline
import Transport
import Wire

/// One probe from a checked scenario to what is to be printed of it; nothing is stored.
struct ProbeSession {
    let scenario: Scenario
    let stamps: StampSelfTest.Verdict

    /// Fires the request; nil where an interruption came before it was sent.
    func run() throws -> (exchange: ProbeReport.Exchange, wasInterrupted: Bool)? {
        var scenario = scenario
        scenario.targets = Array(scenario.targets.prefix(1))
        let simulator = try SimulatorProcess.serving(&scenario)
        var generator = SystemRandomNumberGenerator()
        let runID = RunIdentifier.make(wallClock: MonotonicClock.wallClockLabel(), using: &generator)
        let secrets = ScenarioSecrets(of: scenario, in: Environment.all)
        let probe = try RequestProbe(
            scenario: scenario, runID: "probe-\(runID)", keys: secrets.keys, awsCredentials: secrets.awsCredentials,
            clockSource: stamps.source)
        Interruption.listen(farewell: "ttft: ended at once; a probe stores nothing")
        guard let probed = try probe.run(), let target = scenario.targets.first else { return nil }
        withExtendedLifetime(simulator) {}
        let exchange = ProbeReport.Exchange(
            probed, target: TargetRun(target), clockSource: stamps.source,
            redaction: Redaction(secrets: secrets.all))
        return (exchange, probed.wasInterrupted)
    }
}

extension TargetRun {
    init(_ target: Target) {
        self.init(
            name: target.name, api: target.api, model: target.model, baseURL: target.baseURL,
            httpVersion: target.httpVersion, connections: target.connections,
            isSimulated: target.simulation != nil)
    }
}

extension ProbeReport.Exchange {
    /// The most that is shown of a body that is no stream.
    private static let bodyLimit = 64 << 10

    /// What was seen, without the secrets, wherever the server may have sent them back.
    init(_ probed: ProbedExchange, target: TargetRun, clockSource: ClockSource, redaction: Redaction) {
        let record = redaction.record(probed.record)
        let mask = { (headers: [HeaderField]) -> [HeaderField] in
            headers.map { HeaderField($0.name, $0.isSecret ? "***" : redaction.text($0.value)) }
        }
        self.init(
            record: record, target: target, url: redaction.text(probed.url), clockSource: clockSource,
            requestHeaders: mask(probed.requestHeaders),
            requestBody: redaction.text(String(decoding: probed.requestBody, as: UTF8.self)),
            responseHeaders: mask(probed.responseHeaders), reads: probed.reads, readNumbers: probed.readNumbers,
            items: Self.items(of: probed, events: record.events, redaction: redaction))
        if !items.contains(where: { $0.form != .answer }), let rawBody = record.rawBody, !rawBody.isEmpty {
            body = String(decoding: rawBody.prefix(Self.bodyLimit), as: UTF8.self)
        }
    }

    private static func items(
        of probed: ProbedExchange, events: [StreamEvent], redaction: Redaction
    ) -> [ProbeReport.Item] {
        let items = probed.items.map { item in
            ProbeReport.Item(
                item, events: Array(events[item.events.clamped(to: events.indices)]), redaction: redaction)
        }
        let covered = Set(probed.items.flatMap(\.events))
        // An answer that is no stream, or an error told in what is no event; a body too long to be kept has neither.
        let decoded = events.indices.clamped(to: probed.events.indices)
        let others = decoded.filter { !covered.contains($0) }.map { index in
            ProbeReport.Item(
                form: .answer, data: "", readIndex: probed.events[index].readIndex, wireBytes: events[index].wireBytes,
                events: [events[index]])
        }
        return items + others
    }
}

extension ProbeReport.Item {
    init(_ item: WireItem, events: [StreamEvent], redaction: Redaction) {
        let form: Form =
            switch item.kind {
            case .event: .event
            case .comment: .comment
            case .ignoredLine: .ignoredLine
            case .unfinished: .unfinished
            }
        let data = redaction.text(String(decoding: item.data, as: UTF8.self))
        self.init(form: form, data: data, readIndex: item.readIndex, wireBytes: item.wireBytes, events: events)
        if case .event(let type, let identifier) = item.kind {
            (self.type, self.identifier) = (redaction.text(type), redaction.text(identifier))
        }
    }
}

extension HeaderField {
    /// Whether the header carries what lets somebody in.
    fileprivate var isSecret: Bool {
        ["authorization", "proxy-authorization", "x-api-key", "api-key", "x-goog-api-key", "cookie", "set-cookie"]
            .contains(name.lowercased())
    }
}
