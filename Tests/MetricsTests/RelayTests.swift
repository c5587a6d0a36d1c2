import Testing
import Timeline

@testable import Metrics

/// What a relay adds and does, from pairs whose arrivals are worked out by hand.
struct RelayTests {
    /// Ten tokens from 100 ms on, one each 10 ms.
    private static let direct = (0..<10).map { 100 + 10 * Double($0) }

    /// A run of so many pairs: relayed requests come second in each.
    private func run(
        relayed: [[Double]], direct: [Double] = direct, headers: [HeaderField] = [],
        change: (inout StreamRecord) -> Void = { _ in }
    ) throws -> (summary: TargetSummary, sample: TargetSample) {
        var run = RunDescription.fixture(targets: [.fixture(name: "direct"), .fixture(name: "relayed")])
        run.targets[1].relayOf = "direct"
        var samples = RunSamples(run: run)
        for (index, arrivals) in relayed.enumerated() {
            for (position, times) in [direct, arrivals].enumerated() {
                var record = StreamRecord(
                    arrivals: times, tokens: times.map { _ in 1 }, end: (times.last ?? 0) + 1,
                    requestIndex: 2 * index + position)
                record.target = run.targets[position].name
                if position == 1 {
                    record.responseHeaders = headers
                    change(&record)
                }
                samples.add(record)
            }
        }
        let sample = samples.sample(of: run.targets[1])
        return (TargetSummary(sample), sample)
    }

    private func figure(_ summary: TargetSummary, _ metric: String) -> Estimate? { summary[metric: metric]?[.p50] }

    @Test func `a relay that delays every chunk by as much passes through`() throws {
        let relayed = (0..<8).map { pair in Self.direct.map { $0 + 4 + Double(pair) } }
        let (summary, _) = try run(relayed: relayed)
        #expect(summary.relay?.verdict == .passesThrough)
        #expect(summary.relay?.judged == 8 && summary.relay?.passedThrough == 8)
        #expect(summary.relay?.remedies == [] && !summary.warnings.contains { $0.contains("in between") })
        // 4, 5, ... 11 ms: the median, and of eight values the least and the greatest bound it.
        let added = figure(summary, "relay_ttft")
        #expect(isClose(added?.value, 7.5) && added?.interval == 4...11)
        #expect(isClose(figure(summary, "relay_delay")?.value, 7.5))
        #expect(isClose(figure(summary, "relay_gap")?.value, 0))
    }

    @Test func `a relay that joins chunks in twos coalesces`() throws {
        // 110, 110, 130, 130, ...: of reads 0.1 ms apart, which are one piece.
        let joined = (0..<10).map { 110 + 20 * Double($0 / 2) + ($0.isMultiple(of: 2) ? 0 : 0.1) }
        let (summary, sample) = try run(relayed: Array(repeating: joined, count: 6))
        #expect(summary.relay?.verdict == .coalesces && summary.relay?.coalesced == 6)
        #expect(
            summary.warnings.contains { $0.hasPrefix("6 of 6 answers came in fewer and larger pieces than directly") })
        #expect(isClose(figure(summary, "relay_ttft")?.value, 10))
        // 80.1 ms in nine gaps against 90.
        #expect(isClose(figure(summary, "relay_gap")?.value, 80.1 / 9 - 10))
        // The mean of the arrivals: 150.05 against 145.
        #expect(isClose(figure(summary, "relay_delay")?.value, 5.05))
        #expect(sample.complete.count == 6)
    }

    @Test func `a relay that holds answers until their end buffers them`() throws {
        let held = (0..<10).map { 190 + 0.1 * Double($0) }
        let (summary, _) = try run(
            relayed: Array(repeating: held, count: 6), headers: [HeaderField("Server", "nginx/1.22")])
        #expect(summary.relay?.verdict == .buffers && summary.relay?.buffered == 6)
        #expect(summary.relay?.remedies.first?.hasPrefix("in nginx set proxy_buffering off") == true)
        #expect(isClose(figure(summary, "relay_ttft")?.value, 90))
        #expect(summary.relay?.relayedEndShare == 1)
        // 0.1: only the last token comes in the last 5 ms.
        #expect(isClose(summary.relay?.directEndShare, 0.1))
        #expect(summary.warnings.count { $0.contains("buffer") } == 1)
    }

    @Test func `answers that came compressed are judged by when their bytes came`() throws {
        func compress(_ record: inout StreamRecord, from: Double, to: Double) {
            record.outcome = StreamOutcome(.protocolError, detail: "content_encoding")
            record.events = []
            record.terminal = nil
            record.headersComplete = record.sent.map { $0 + .milliseconds(from) }
            record.closed = record.sent.map { $0 + .milliseconds(to) }
        }
        let pairs = Array(repeating: Self.direct, count: 6)
        let headers = [HeaderField("content-encoding", "gzip"), HeaderField("server", "nginx")]
        let (whole, _) = try run(relayed: pairs, headers: headers) { compress(&$0, from: 190, to: 192) }
        #expect(whole.relay?.verdict == .buffers)
        #expect(whole.relay?.remedies.first?.contains("gzip off") == true)
        #expect(whole.relay?.remedies.last?.contains("proxy_buffering off") == true)
        let (live, _) = try run(relayed: pairs, headers: headers) { compress(&$0, from: 100, to: 190) }
        #expect(live.relay?.verdict == .compresses)
        #expect(live.relay?.remedies.map { $0.contains("gzip off") } == [true])
        #expect(live[metric: "relay_ttft"]?[.p50]?.value == nil)
        // The compressor's own head comes at once, and all else at the end.
        func read(_ record: inout StreamRecord, _ ends: [(Double, Int)]) {
            compress(&record, from: 20, to: 192)
            let sent = record.sent ?? record.planned
            record.bodyCapture = BodyCapture(
                reads: ends.map { time, end in
                    let arrival = sent + .milliseconds(time)
                    return BodyCapture.Read(end: end, arrival: arrival, reading: arrival, lateBound: .zero)
                }, end: .clean, expectsStream: true, keepsText: false)
        }
        let (headed, _) = try run(relayed: pairs, headers: headers) { read(&$0, [(21, 10), (190, 900), (191, 950)]) }
        #expect(headed.relay?.verdict == .buffers)
        let (paced, _) = try run(relayed: pairs, headers: headers) { read(&$0, [(21, 10), (120, 500), (191, 950)]) }
        #expect(paced.relay?.verdict == .compresses)
    }

    @Test(arguments: [
        ("Server", "Caddy", "flush_interval"), ("Via", "1.1 Caddy", "flush_interval"),
        ("Via", "1.1 varnish", "do_stream"),
        ("Server", "Apache/2.4.57 (Debian)", "flushpackets"), ("server", "envoy", "envoy.filters.http.buffer"),
        ("server", "cloudflare", "Response Buffering"), ("Server", "nginx/1.22", "proxy_buffering off"),
        ("Server", "uvicorn", "flush after each event"),
    ])
    func `the remedy is for the software that answered`(name: String, value: String, word: String) throws {
        let held = (0..<10).map { 190 + 0.1 * Double($0) }
        let (summary, _) = try run(relayed: Array(repeating: held, count: 6), headers: [HeaderField(name, value)])
        let first = try #require(summary.relay?.remedies.first)
        #expect(first.contains(word), "\(first)")
    }

    @Test func `a budget on what a relay adds concerns the relay alone, and a whole answer has no pace`() {
        var run = RunDescription.fixture(targets: [.fixture(name: "direct"), .fixture(name: "relayed")])
        run.targets[1].relayOf = "direct"
        let added = Budget(metric: "relay_ttft", statistic: "p50", comparison: .atMost, limit: 5)
        let waited = Budget(metric: "ttft", statistic: "p50", comparison: .atMost, limit: 5)
        let verdicts = RunSummary(run: run, records: []).verdicts(on: [added, waited])
        #expect(
            verdicts.map { "\($0.target) \($0.budget.metric)" } == [
                "direct ttft", "relayed relay_ttft", "relayed ttft",
            ])
        run.targets[1].relayOf = nil
        run.targets[1].wholeOf = "direct"
        let pace = Budget(metric: "itl", statistic: "p95", comparison: .atMost, limit: 5)
        let gain = Budget(metric: "measured_gain", statistic: "p50", comparison: .atLeast, limit: 0.5)
        let both = RunSummary(run: run, records: []).verdicts(on: [pace, gain, added])
        // What concerns nobody is nobody's success.
        #expect(
            both.map { "\($0.target) \($0.budget.metric)" } == [
                "direct itl", "direct measured_gain", "direct relay_ttft", "relayed relay_ttft",
            ])
        #expect(both.allSatisfy { $0.outcome == .broken })
    }

    @Test func `too few pairs, mixed ones, and direct answers without pieces give no verdict`() throws {
        let few = try run(relayed: Array(repeating: Self.direct, count: 5)).summary
        #expect(few.relay?.verdict == .cannotSay && few.relay?.judged == 5)
        let held = Self.direct.map { _ in 190.0 }
        let mixed = try run(relayed: (0..<12).map { $0.isMultiple(of: 2) ? Self.direct : held }).summary
        #expect(mixed.relay?.verdict == .cannotSay)
        #expect(mixed.relay?.passedThrough == 6 && mixed.relay?.buffered == 6)
        let burst = (0..<10).map { 100 + 0.2 * Double($0) }
        let untold = try run(relayed: Array(repeating: held, count: 20), direct: burst).summary
        #expect(untold.relay?.verdict == .cannotSay && untold.relay?.judged == 0)
    }

    @Test func `five of six answers are not enough for a verdict, and eleven of twelve are`() throws {
        let held = (0..<10).map { 190 + 0.1 * Double($0) }
        let five = try run(relayed: [Self.direct] + Array(repeating: held, count: 5)).summary
        #expect(five.relay?.verdict == .cannotSay)
        let eleven = try run(relayed: [Self.direct] + Array(repeating: held, count: 11)).summary
        #expect(eleven.relay?.verdict == .buffers)
    }

    @Test func `a target that is no relay has no verdict`() throws {
        let run = RunDescription.fixture(targets: [.fixture(name: "target")])
        let summary = RunSummary(run: run, records: [.golden])
        #expect(summary.targets[0].relay == nil && summary.targets[0][metric: "relay_ttft"]?[.p50]?.value == nil)
    }
}
