import Testing
import Timeline

@testable import Metrics

/// When a server let go of cancelled requests, by samples that are worked out by hand.
struct ServerActivityTests {
    private static let plan = ServerMetricsPlan(
        url: "http://127.0.0.1/slots", gauges: ["busy", "made"], interval: .milliseconds(50))

    private func at(_ milliseconds: Double) -> Instant { Instant(nanoseconds: 0) + .milliseconds(milliseconds) }

    /// Samples that take 2 ms each: when they were asked for, the slots at work, and the tokens made.
    private func samples(_ rows: (Double, Double, Double)...) -> [ServerSample] {
        rows.map { ServerSample(asked: at($0.0), answered: at($0.0 + 2), values: [$0.1, $0.2]) }
    }

    private func stream(sent: Double, first: Double, cancelled: Double?, last: Double = 0) -> StreamMetrics {
        let ends = [first, max(first, last)].map { $0 - sent }
        var record = StreamRecord(arrivals: ends, tokens: [1, 1], end: ends[1], sent: at(sent))
        if let cancelled {
            record.cancellation = Cancellation(instant: at(cancelled))
            record.outcome = StreamOutcome(.cancelled)
        }
        return StreamMetrics(record)
    }

    @Test func `a slot is free between the last answer that knew it at work and the first that did not`() throws {
        let activity = ServerActivity(
            plan: Self.plan,
            samples: samples(
                (0, 2, 100), (50, 3, 100), (100, 3, 103), (150, 3, 106), (200, 3, 109), (250, 2, 110), (300, 2, 110)),
            attempts: [stream(sent: 40, first: 60, cancelled: 120)])
        #expect(activity.base == 2 && activity.most == 3 && activity.answers == 7)
        #expect(activity.pace == 50)
        let release = try #require(activity.releases.first)
        // Asked at 200 it was at work; at 252 there was an answer that it was not.
        #expect(release.freeAfter == 80...132)
        // Somebody else is always at work, and may have made the tokens.
        #expect(release.tokens == nil && !release.hasOverlap)
    }

    @Test func `tokens are counted from an answer on either side of the cancellation`() throws {
        let activity = ServerActivity(
            plan: Self.plan,
            samples: samples((0, 0, 100), (100, 1, 103), (150, 1, 106), (200, 1, 109), (250, 0, 110)),
            attempts: [stream(sent: 40, first: 60, cancelled: 120)])
        // 103 by the last answer before the cancellation and 106 by the first one after it, 110 in the end.
        #expect(activity.releases.first?.tokens == 4...7)
        // More is at work than was asked for, so somebody else asks too.
        let foreign = ServerActivity(
            plan: Self.plan,
            samples: samples((0, 0, 100), (100, 2, 103), (150, 2, 106), (200, 2, 109), (250, 0, 110)),
            attempts: [stream(sent: 40, first: 60, cancelled: 120)])
        #expect(foreign.releases.first?.freeAfter != nil && foreign.releases.first?.tokens == nil)
    }

    @Test func `what is at work for another request that was left tells nothing of this one`() throws {
        // The server goes on for 100 ms each: from 120 to 220, and from 210 to 310.
        let activity = ServerActivity(
            plan: Self.plan,
            samples: samples((0, 0, 0), (100, 1, 2), (150, 1, 4), (200, 2, 6), (250, 1, 8), (300, 1, 9), (350, 0, 9)),
            attempts: [stream(sent: 40, first: 60, cancelled: 120), stream(sent: 160, first: 170, cancelled: 210)])
        #expect(activity.releases.map(\.hasOverlap) == [true, true])
        #expect(activity.releases.map(\.freeAfter) == [80...232, 0...142])
        #expect(activity.releases.allSatisfy { $0.tokens == nil })
        // With an answer between them that met no work, each stands for itself.
        let apart = ServerActivity(
            plan: Self.plan,
            samples: samples((0, 0, 0), (100, 1, 2), (150, 1, 4), (200, 0, 6), (250, 1, 8), (300, 1, 9), (350, 0, 9)),
            attempts: [stream(sent: 40, first: 60, cancelled: 120), stream(sent: 230, first: 240, cancelled: 260)])
        #expect(apart.releases.map(\.hasOverlap) == [false, false])
        #expect(apart.releases.map(\.freeAfter) == [30...82, 40...92])
    }

    @Test func `work for others is no work for the one that left`() throws {
        let busy = [
            stream(sent: 10, first: 20, cancelled: nil, last: 1000), stream(sent: 30, first: 40, cancelled: 120),
        ]
        let activity = ServerActivity(
            plan: Self.plan,
            samples: samples((0, 0, 0), (50, 2, 0), (100, 2, 0), (150, 2, 0), (200, 1, 0), (250, 1, 0)),
            attempts: busy)
        let release = try #require(activity.releases.first)
        #expect(release.freeAfter == 30...82 && release.tokens == nil)
        // A request that was sent and has no token yet may be the one that the server works on.
        let waiting = ServerActivity(
            plan: Self.plan, samples: samples((0, 0, 0), (150, 1, 0), (200, 1, 0), (250, 1, 0), (300, 0, 0)),
            attempts: [
                stream(sent: 30, first: 40, cancelled: 120), stream(sent: 130, first: 245, cancelled: nil, last: 290),
            ])
        #expect(waiting.releases.first?.freeAfter == 0...132)
    }

    @Test func `a gauge that did not count a request while it was answered tells nothing of its end`() throws {
        let cancelled = stream(sent: 40, first: 60, cancelled: 120)
        let idle = ServerActivity(
            plan: Self.plan, samples: samples((0, 2, 0), (50, 2, 0), (100, 2, 0), (150, 2, 0)), attempts: [cancelled])
        #expect(idle.releases.map(\.wasShown) == [false] && idle.releases.map(\.freeAfter) == [nil])
        #expect(idle.typicalRelease == nil)
        // Nobody was asked while it was answered: what the gauge is worth shows with the other one.
        let other = stream(sent: 200, first: 210, cancelled: nil, last: 300)
        let brief = stream(sent: 60, first: 62, cancelled: 70)
        let followed = ServerActivity(
            plan: Self.plan, samples: samples((0, 0, 0), (75, 0, 0), (220, 1, 0), (260, 1, 0), (320, 0, 0)),
            attempts: [brief, other])
        #expect(followed.releases.map(\.wasShown) == [true] && followed.releases.first?.freeAfter == 0...7)
        let ignored = ServerActivity(
            plan: Self.plan, samples: samples((0, 0, 0), (75, 0, 0), (220, 0, 0), (260, 0, 0), (320, 0, 0)),
            attempts: [brief, other])
        #expect(ignored.releases.map(\.wasShown) == [false] && ignored.typicalRelease == nil)
        // It was slow to count the request, and did so after it was gone.
        let slow = ServerActivity(
            plan: Self.plan, samples: samples((0, 0, 0), (100, 0, 0), (150, 1, 0), (200, 0, 0)), attempts: [cancelled])
        #expect(slow.releases.map(\.wasShown) == [true] && slow.releases.first?.freeAfter == 30...82)
    }

    @Test func `a gauge that no answer has is named`() {
        let untold = [0.0, 50].map { ServerSample(asked: at($0), answered: at($0 + 2), values: [1, nil]) }
        #expect(ServerActivity(plan: Self.plan, samples: untold, attempts: []).missing == ["made"])
        let silent = [ServerSample(asked: at(0), answered: at(9), values: [nil, nil], failure: "no answer")]
        #expect(ServerActivity(plan: Self.plan, samples: silent, attempts: []).missing == [])
    }

    @Test func `a slot that is never free was not seen to get free`() {
        let failed = ServerSample(asked: at(180), answered: at(190), values: [nil, nil], failure: "no answer")
        let activity = ServerActivity(
            plan: Self.plan, samples: samples((0, 0, 0), (50, 1, 0), (150, 1, 0)) + [failed],
            attempts: [stream(sent: 40, first: 60, cancelled: 120)])
        #expect(activity.releases.map(\.freeAfter) == [nil] && activity.typicalRelease == nil)
        #expect(activity.failures == 1 && activity.failure == "no answer" && activity.answers == 3)
    }
}
