package import Scenarios
package import Timeline
import Transport
import Wire

/// One request whose events are told while they come, for somebody who watches; what is measured of it is what a run measures.
package struct FollowedRequest {
    /// A piece of an answer, or what a server says in place of one.
    package struct Piece: Sendable {
        package var kind: StreamEvent.Kind
        package var text: String
        /// Tokens by the server's own count for this piece; nil where it gives none.
        package var tokens: Int?
    }

    private let dialect: any Dialect
    private let expectsStream: Bool
    private let plan: RequestPlan
    private let runner: ScenarioRunner

    /// Prepares the scenario's first prompt for its first target; `keys` and `awsCredentials` hold secrets by target name.
    ///
    /// What it costs comes out of `purse`.
    package init(
        scenario: Scenario, runID: String, keys: [String: String], awsCredentials: [String: AWSCredentials],
        clockSource: ClockSource, purse: CostPurse? = nil
    ) throws(RunnerError) {
        let scenario = scenario.ofOneRequest
        guard let target = scenario.targets.first, let dialect = Dialects.named(target.api) else {
            throw .unknownAPI(scenario.targets.first?.api ?? "", target: scenario.targets.first?.name ?? "")
        }
        self.dialect = dialect
        expectsStream = scenario.settings(of: target).stream
        plan = RequestPlan(scenario, seed: scenario.seed)
        var runner = try ScenarioRunner(
            scenario: scenario, runID: runID, keys: keys, awsCredentials: awsCredentials, clockSource: clockSource,
            purse: purse)
        runner.cancelsWhenInterrupted = true
        self.runner = runner
    }

    /// Whether the purse has room for the request.
    package var isAffordable: Bool { runner.canAffordEach }

    /// Sends the request, tells the pieces as they come, and returns the record; nil where nothing was sent.
    ///
    /// Once `isAbandoned` says so, at the latest a tenth of a second later, the request is cancelled.
    package func run(isAbandoned: @escaping () -> Bool, tell: @escaping ([Piece]) -> Void) throws -> StreamRecord? {
        var record: StreamRecord?
        var decoder: StreamDecoder?
        var arrivals: ArrivalReader?
        var eventCount = 0
        var runner = runner
        runner.isAbandoned = isAbandoned
        runner.follow = { stream in
            var reader =
                decoder
                ?? StreamDecoder(
                    dialect: dialect, status: stream.status, headers: stream.headers.fields,
                    expectsStream: expectsStream, keepsText: true)
            stream.transfer.beginLook()
            let log = arrivals ?? ArrivalReader(stream.transfer.log)
            log.readOn { arrival in reader.receive(arrival.bytes, readIndex: arrival.readIndex) }
            arrivals = log
            let news = reader.events(from: eventCount).filter(\.kind.isContent)
            eventCount = reader.eventCount
            decoder = reader
            if !news.isEmpty { tell(news.map { Piece(kind: $0.kind, text: $0.text ?? "", tokens: $0.tokens) }) }
        }
        _ = try runner.run(plan: plan, deliver: { record = $0.first ?? record })
        return record
    }
}

extension Scenario {
    /// The scenario's first prompt to its first target, once, with all that is seen of it kept.
    var ofOneRequest: Scenario {
        var scenario = self
        scenario.targets = Array(targets.prefix(1))
        // Its pieces are told as they come, over the connection on which they do.
        if !scenario.targets.isEmpty { scenario.targets[0].reconnects = false }
        scenario.prompts = Array(prompts.prefix(1))
        scenario.load = .closed(concurrency: 1)
        scenario.amount = .requests(1)
        scenario.warmup = nil
        scenario.retries = 0
        scenario.cancellation = nil
        scenario.storage = .all
        scenario.storesText = true
        return scenario
    }
}
