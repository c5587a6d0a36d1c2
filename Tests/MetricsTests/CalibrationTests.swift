import Metrics
import Testing
import Timeline

@Suite("Calibration")
struct CalibrationTests {
    private static func instant(_ milliseconds: Double) -> Instant {
        Instant(nanoseconds: 1_000_000_000) + .milliseconds(milliseconds)
    }

    /// A stream whose request was sent at 0 and whose content arrived, and was read, so many milliseconds later.
    private static func record(
        _ name: String, arrivals: [Double], readings: [Double]? = nil, outcome: OutcomeClass = .ok
    ) -> StreamRecord {
        let events = zip(arrivals, readings ?? arrivals).enumerated().map { index, times in
            StreamEvent(
                index: index, readIndex: index, arrival: instant(times.0), reading: instant(times.1),
                lateBound: Nanoseconds(5000), kind: .text)
        }
        let control = StreamEvent(
            index: events.count, readIndex: events.count, arrival: instant(9999), reading: instant(9999),
            lateBound: Nanoseconds(5000), kind: .terminal)
        return StreamRecord(
            requestIndex: 0, target: "t", clientRequestID: name, planned: instant(0), sent: instant(0),
            events: events + [control], outcome: StreamOutcome(outcome))
    }

    private static func sent(_ name: String, read: Double, _ sends: [Double]) -> SentStream {
        SentStream(
            requestID: name, requestRead: instant(read), contentSends: sends.map { instant($0) },
            latestBy: .milliseconds(0.25))
    }

    private static func step(_ records: [StreamRecord], _ sent: [SentStream]) -> CalibrationStep {
        CalibrationStep(
            streams: 2, plannedChunksPerSecond: 100, records: records, sent: sent, processorTime: .milliseconds(0.5))
    }

    @Test func `errors are what was measured less what was sent, early or late`() throws {
        let step = Self.step(
            [
                Self.record("a", arrivals: [10.01, 20.03], readings: [10.5, 21]),
                Self.record("b", arrivals: [11, 21.98], readings: [11, 22]),
            ],
            [Self.sent("b", read: 0.5, [11, 22]), Self.sent("a", read: 0.25, [10, 20])])
        #expect(step.requests == 2 && step.unmatched == 0 && step.events == 4)
        // Sorted: 0, 10, 20, 30 µs.
        let events = try #require(step.eventError)
        #expect(abs(events.p50 - 0.015) < 1e-9 && abs(events.p99 - 0.0297) < 1e-9 && abs(events.max - 0.03) < 1e-9)
        #expect(abs(try #require(step.readingError).max - 1) < 1e-9)
        // Of a: 10.01 - (10 - 0.25); of b: 11 - (11 - 0.5).
        let firstTokens = try #require(step.firstTokenError)
        #expect(abs(firstTokens.p50 - 0.38) < 1e-9 && abs(firstTokens.max - 0.5) < 1e-9)
        #expect(abs(step.processorTimePerChunk - 125) < 1e-9)
        #expect(abs(step.serverLateness - 0.25) < 1e-9)
    }

    @Test func `a request without its counterpart is never left out in silence`() {
        let good = Self.record("a", arrivals: [10])
        let sent = Self.sent("a", read: 0, [10])
        #expect(Self.step([good, Self.record("b", arrivals: [1])], [sent]).unmatched == 1)
        #expect(Self.step([good], [sent, Self.sent("c", read: 0, [1])]).unmatched == 1)
        #expect(Self.step([good], [sent, sent]).unmatched > 0)
        #expect(Self.step([good], [Self.sent("a", read: 0, [10, 20])]).unmatched > 0)
        #expect(Self.step([Self.record("a", arrivals: [10], outcome: .truncated)], [sent]).unmatched > 0)
        #expect(!Self.step([good, Self.record("b", arrivals: [1])], [sent]).isWithin(1000))
    }

    @Test func `the rate is that of the middle half of all sends`() {
        // Two slow ends and 21 sends 10 ms apart between them: 100 a second.
        let sends = [-5000.0, -4000, -3000] + (0...20).map { Double($0) * 10 } + [3000, 4000, 5000]
        let step = Self.step([Self.record("a", arrivals: sends)], [Self.sent("a", read: 0, sends)])
        #expect(abs(step.chunksPerSecond - 100) < 1)
    }

    private static func calibration(p99s: [Double]) -> Calibration {
        let steps = p99s.enumerated().map { index, p99 in
            CalibrationStep(
                streams: 10 * (index + 1), plannedChunksPerSecond: 500, chunksPerSecond: 500, requests: 1,
                unmatched: 0, events: 100, eventError: .init(p50: 0, p99: p99, p999: p99, max: p99), readingError: nil,
                firstTokenError: nil, processorTimePerChunk: 10, serverLateness: 0)
        }
        return Calibration(
            host: HostDescription(name: "h", system: "s", processor: "p", cores: 2, bootID: "1"), toolVersion: "1",
            clockSource: .kernel, measuredWallClock: 0, steps: steps)
    }

    @Test func `the highest load is the last one before the first that misses`() {
        let calibration = Self.calibration(p99s: [0.02, 0.4, 0.05, 3, 9])
        #expect(Calibration.tolerances.map { calibration.highestLoad(within: $0)?.streams } == [10, 30, 40])
        #expect(calibration.highestLoad(within: 0.01) == nil)
    }

    @Test func `of two tries at a load the more exact one counts, unless it lost requests`() {
        var (exact, rough) = (Self.calibration(p99s: [0.1]).steps[0], Self.calibration(p99s: [0.9]).steps[0])
        #expect(rough.better(exact) == exact && exact.better(rough) == exact)
        exact.unmatched = 1
        #expect(rough.better(exact) == rough && exact.better(rough) == rough)
        rough.eventError = nil
        exact.unmatched = 0
        #expect(rough.better(exact) == exact)
    }

    @Test func `a calibration speaks of its machine and version alone, whenever that was started`() {
        let calibration = Self.calibration(p99s: [1])
        var host = calibration.host
        host.bootID = "2"
        #expect(calibration.applies(to: host, toolVersion: "1"))
        #expect(!calibration.applies(to: host, toolVersion: "2"))
        host.processor = "q"
        #expect(!calibration.applies(to: host, toolVersion: "1"))
    }
}
