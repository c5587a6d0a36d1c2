import TestSupport
import Testing
import Timeline

@testable import Metrics

/// One target's name with several servers behind it, and caches.
struct ServedPartsTests {
    private func streams(
        _ count: Int, _ diagram: String = "-a-b-c|", changing change: (inout StreamRecord) -> Void
    ) -> [StreamRecord] {
        (0..<count).map { index in
            var record = StreamRecord(
                diagram: diagram, tick: .milliseconds(10), requestIndex: index, usage: TokenUsage(input: 100, output: 3)
            )
            change(&record)
            return record
        }
    }

    private func summary(_ records: [StreamRecord]) -> TargetSummary {
        RunSummary(run: .fixture(), records: records).targets[0]
    }

    @Test func `figures are split by who answered, the most frequent first`() throws {
        let fast = streams(20) { ($0.servedModel, $0.upstreamProvider) = ("m", "north") }
        let slow = streams(30, "---a-b-c|") { ($0.servedModel, $0.upstreamProvider) = ("m", "south") }
        let target = summary(fast + slow + streams(2, "x") { _ in })
        #expect(
            target.parts.map(\.identity) == [
                ServedIdentity(model: "m", provider: "south"), ServedIdentity(model: "m", provider: "north"),
                ServedIdentity(),
            ])
        #expect(target.parts.map { $0.summary[metric: "ttft"]?[.p50]?.value } == [30, 10, nil])
        #expect(target.parts.map(\.summary.requests) == [30, 20, 2])
        #expect(target.parts.map(\.summary.complete) == [30, 20, 0])
        // Over the window of the whole, so that the parts' rates add up to it.
        let rates = target.parts.map { $0.summary[metric: "output_throughput"]?[.value]?.value ?? 0 }
        let whole = try #require(target[metric: "output_throughput"]?[.value]?.value)
        #expect(isClose(rates.reduce(0, +), whole))
        #expect(
            target.warnings.first == "One name, several servers: 2 upstream providers (north, south) answered. "
                + "The table has a row for each. Pin the provider in body:.")
    }

    @Test func `one identity is not split, nor are failures that name none, nor marks that differ each time`() {
        #expect(summary(streams(9) { $0.servedModel = "m" } + streams(3, "x") { _ in }).parts.isEmpty)
        var number = 0
        let marked = streams(30) { record in
            number += 1
            record.systemFingerprint = "fp-\(number)"
        }
        let target = summary(marked)
        #expect(target.parts.isEmpty)
        #expect(target.warnings.first?.contains("30 system fingerprints (fp-1, fp-10, fp-11, fp-12, ...)") == true)
        #expect(target.warnings.first?.contains("row for each") == false)
    }

    @Test func `input from a cache is warned of from more than a twentieth on`() {
        func target(_ cached: Int?) -> TargetSummary { summary(streams(10) { $0.usage?.cached = cached }) }
        #expect(target(nil).cachedShare == nil)
        #expect(target(5).cachedShare == 0.05)
        #expect(!target(5).warnings.contains { $0.contains("cache (") })
        #expect(target(6).warnings.contains { $0.contains("6 % of the input tokens came from the server's cache") })
        #expect(target(6).warnings.contains { $0.contains("nonce") })
    }

    @Test func `a server that claims more time than the client saw is counted`() {
        let boasting = streams(3) { $0.serverTimings = ["timings": ["prompt_ms": 100]] }
        let honest = streams(4) { $0.serverTimings = ["timings": ["prompt_ms": 1]] }
        #expect(
            summary(boasting + honest).warnings.contains {
                $0.contains("In 3 of 7 streams the server claims more time than the client saw, by up to 90 ms")
            })
        #expect(!summary(honest).warnings.contains { $0.contains("claims") })
    }

    @Test func `a rate over a handful of open-loop requests says how many it takes`() {
        func throughput(_ count: Int, _ load: LoadShape) -> Estimate? {
            RunSummary(run: .fixture(load: load), records: streams(count) { _ in })
                .targets[0][metric: "output_throughput"]?[.value]
        }
        let open = LoadShape.open(rate: 1, arrivals: .poisson)
        #expect(throughput(9, open)?.countNeeded == 10)
        #expect(throughput(9, open)?.value != nil)
        #expect(throughput(10, open)?.countNeeded == nil)
        #expect(throughput(2, .closed(concurrency: 1))?.countNeeded == nil)
    }

    @Test func `of several targets only the figures that their table prints can limit a run`() {
        var record = StreamRecord(diagram: "-a-b-c|", tick: .milliseconds(100))
        record.events[1].lateBound = .milliseconds(50)
        let records = Array(repeating: record, count: 80)
        func limited(_ targets: [TargetRun]) -> [String] {
            RunSummary(run: .fixture(targets: targets), records: records).targets[0].error.limitedFigures
        }
        // The second token is late: both gaps may be a quarter off, the first token and the end are not.
        #expect(limited([.fixture()]).contains("itl.p50"))
        #expect(limited([.fixture(), .fixture(name: "other")]).isEmpty)
    }
}
