import Testing
import Timeline

@testable import Simulator

@Suite struct ScheduleTests {
    private let body = #"{"messages":[{"role":"user","content":"hello"}],"stream":true}"#

    private func play(_ script: StreamScript, requests: Int = 1) throws -> [SendLogEntry] {
        let server = try SimulatedServer(scripts: ["default": script])
        try server.start()
        let client = try RawClient(server)
        for _ in 0..<requests {
            client.forget()
            client.post("/v1/chat/completions", body)
            try client.read(until: "[DONE]\n\n\r\n0\r\n\r\n")
        }
        server.stop()
        return server.log
    }

    /// The instants of the content relative to the request's end, in milliseconds.
    private func offsets(_ entry: SendLogEntry) -> [Double] {
        entry.contentSends.map { ($0.instant - entry.bodyRead).milliseconds }
    }

    /// No send may come before its instant, and none much after it, even on a loaded machine.
    private func expect(
        _ entry: SendLogEntry, at scheduled: [Double], sourceLocation: SourceLocation = #_sourceLocation
    ) {
        let offsets = offsets(entry)
        #expect(offsets.count == scheduled.count, sourceLocation: sourceLocation)
        for (offset, due) in zip(offsets, scheduled) {
            #expect(offset >= due - 1e-6 && offset < due + 250, "due at \(due) ms", sourceLocation: sourceLocation)
        }
    }

    @Test func `tokens come at the first instant and then at even gaps, on every request of a connection`() throws {
        let script = StreamScript(timeToFirstToken: .milliseconds(40), gap: .milliseconds(7), tokens: 20)
        let log = try play(script, requests: 3)
        #expect(log.map(\.ordinal) == [1, 2, 3])
        #expect(Set(log.map(\.connection)) == [1])
        for entry in log {
            expect(entry, at: (0..<20).map { 40 + 7 * Double($0) })
            #expect(entry.sends.first?.kind == .role)
            #expect((entry.sends.first?.instant ?? entry.ended) - entry.bodyRead < .milliseconds(35))
            #expect(entry.accepted <= entry.headRead && entry.headRead <= entry.bodyRead)
            #expect(entry.latestBy >= .zero)
        }
    }

    @Test func `an event of several tokens waits for all of them, and the last one holds the rest`() throws {
        let script = StreamScript(
            timeToFirstToken: .milliseconds(10), gap: .milliseconds(5), tokens: 10, tokensPerEvent: 4)
        let entry = try #require(play(script).first)
        #expect(entry.contentSends.map(\.tokens) == [4, 4, 2])
        expect(entry, at: [10, 30, 40])
    }

    @Test func `a stall moves every later event`() throws {
        let script = StreamScript(
            timeToFirstToken: .milliseconds(10), gap: .milliseconds(2), tokens: 6, stallEvery: 2,
            stallLength: .milliseconds(50))
        expect(try #require(play(script).first), at: [10, 12, 64, 66, 118, 120])
    }

    @Test func `comments come at their interval until the first content`() throws {
        let script = StreamScript(
            timeToFirstToken: .milliseconds(100), gap: .milliseconds(2), tokens: 2, commentInterval: .milliseconds(30))
        let entry = try #require(play(script).first)
        #expect(entry.sends.map(\.kind.rawValue).joined() == "rcccttf")
        let comments = entry.sends.filter { $0.kind == .comment }.map { ($0.instant - entry.bodyRead).milliseconds }
        for (comment, due) in zip(comments, [30.0, 60, 90]) { #expect(comment >= due && comment < due + 250) }
    }

    @Test func `a client sees each token after the logged instant and soon after it`() throws {
        let server = try SimulatedServer(scripts: [
            "default": StreamScript(timeToFirstToken: .milliseconds(20), gap: .milliseconds(10), tokens: 10)
        ])
        try server.start()
        let client = try RawClient(server)
        client.post("/v1/chat/completions", body)
        var arrivals: [Instant] = []
        for count in 1...10 {
            while client.text.components("\"content\":\" ") < count { try #require(client.readOnce()) }
            arrivals.append(MonotonicClock.now())
        }
        try client.read(until: "0\r\n\r\n")
        server.stop()
        let sends = try #require(server.log.first).contentSends
        for (arrival, send) in zip(arrivals, sends) {
            #expect(arrival >= send.instant)
            #expect(arrival - send.instant < .milliseconds(250))
        }
    }

    @Test(arguments: [0.1, 0.5]) func `jitter keeps the mean and has the deviation it promises`(jitter: Double) {
        let script = StreamScript(timeToFirstToken: .milliseconds(200), gap: .milliseconds(10), jitter: jitter)
        let start = Instant(nanoseconds: 0)
        var gaps: [Double] = []
        var firsts: [Double] = []
        for ordinal in 0..<400 {
            let generator = SeededGenerator(seed: 9, purpose: "schedule \(ordinal)")
            var schedule = AnswerSchedule(script: script, start: start, generator: generator)
            firsts.append((schedule.due - start).milliseconds)
            for _ in 0..<100 {
                let before = schedule.due
                schedule.advance(tokens: 1)
                gaps.append((schedule.due - before).milliseconds)
            }
        }
        expectMoments(gaps, mean: 10, deviation: 10 * jitter)
        expectMoments(firsts, mean: 200, deviation: 200 * jitter)
        // A log-normal median is mean / sqrt(1 + cv^2); a normal one would be the mean.
        let median = gaps.sorted()[gaps.count / 2]
        #expect(abs(median - 10 / (1 + jitter * jitter).squareRoot()) < 5 * 1.2533 * 10 * jitter / 200)
        #expect(gaps.allSatisfy { $0 > 0 })
    }

    /// The mean within five standard errors, and the deviation within a share that grows as the sample shrinks.
    private func expectMoments(_ values: [Double], mean: Double, deviation: Double) {
        let count = Double(values.count)
        let found = values.reduce(0, +) / count
        let variance = values.reduce(0) { $0 + ($1 - found) * ($1 - found) } / (count - 1)
        #expect(abs(found - mean) < 5 * deviation / count.squareRoot())
        #expect(abs(variance.squareRoot() / deviation - 1) < 6 / count.squareRoot() + 0.03)
    }

    @Test func `the same seed gives the same texts and instants, another seed others`() throws {
        let script = StreamScript(timeToFirstToken: .milliseconds(2), gap: .milliseconds(1), tokens: 60, jitter: 0.3)
        let texts = try [4, 4, 5].map { (seed: UInt64) in
            let server = try SimulatedServer(scripts: ["default": script], seed: seed, keepsText: true)
            try server.start()
            let client = try RawClient(server)
            client.post("/v1/chat/completions", body)
            try client.read(until: "0\r\n\r\n")
            server.stop()
            return try #require(server.log.first?.text)
        }
        #expect(texts[0] == texts[1])
        #expect(texts[0] != texts[2])
    }

    @Test(arguments: [
        ("gpt-4o", 450.0, 145.0), ("gpt-4o-mini", 350, 200), ("claude-4.5-sonnet", 1240, 71),
        ("claude-sonnet-4.6", 850, 54), ("gemini-2.0-flash", 340, 300), ("llama-4-scout", 330, 2600),
    ]) func `a profile is scheduled at its published tempo`(name: String, first: Double, speed: Double) throws {
        let script = try #require(StreamScript(profile: name))
        let start = Instant(nanoseconds: 0)
        var schedule = AnswerSchedule(script: script, start: start, generator: SeededGenerator(seed: 1))
        let firstDue = schedule.due
        for _ in 1..<script.tokens { schedule.advance(tokens: 1) }
        #expect(script.tokens == 200)
        #expect(abs((firstDue - start).milliseconds - first) < 1e-6)
        #expect(abs(199 / (schedule.due - firstDue).seconds / speed - 1) < 1e-5)
    }
}

extension String {
    /// How often another string occurs.
    fileprivate func components(_ other: String) -> Int { ranges(of: other).count }
}
