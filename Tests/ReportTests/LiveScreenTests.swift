import Testing
import Timeline

@testable import Metrics
@testable import Report

@Suite struct LiveScreenTests {
    private func state(targets count: Int, name: String = "main") -> LiveState {
        var run = Fixture.chat.run
        run.targets = (0..<count).map { index in
            var target = run.targets[0]
            target.name = "\(name)-\(index)"
            return target
        }
        let course = LiveFigures.Course(
            latest: 342, p50: 318, p90: 512, p99: nil,
            seconds: Array(repeating: nil, count: 30) + (0..<30).map { $0 == 20 ? 90 : 45 })
        let targets = run.targets.map {
            LiveFigures.Target(
                name: $0.name, model: "gpt-x", ended: 321, complete: 318, warmupEnded: 8, timeToFirstToken: course,
                gap: course, speed: course, good: 300, requestsPerSecond: 7.93, goodRequestsPerSecond: 7.6,
                tokensPerSecond: 948, stalls: 4, tokenSources: ["server_usage"],
                errors: [
                    LiveError(name: "http_error rate_limited", count: 2, example: "slow\u{1b}[2J down"),
                    LiveError(name: "timeout_stall", count: 1, example: nil),
                ])
        }
        return LiveState(
            run: run,
            figures: LiveFigures(
                targets: targets, started: 336, inFlight: 12, elapsed: .seconds(42), share: 0.35,
                plannedLength: .seconds(120), isMeasuring: true, lag: 0.08, lateBound: 2, queueDelay: 0.1,
                lateStarts: 0),
            processorShare: 0.034, notices: ["a server asks to wait"])
    }

    @Test func `one target has a row a metric, in 80 columns`() {
        let lines = LiveScreen(state(targets: 1)).lines
        #expect(lines[0].hasSuffix("00:42 / 02:00  ████░░░░░░░░ 35 %"))
        #expect(
            lines[1] == " sent 336  done 321  in flight 12  failed 3 (0.9 %)  +8 warm-up  http_error ra…")
        #expect(lines[3].hasPrefix(" TTFT         ms  342  318  512  n/a"))
        #expect(lines.contains(" throughput  7.93 req/s, 948 tok/s (last 10 s)   goodput 93.5 %, 7.60 req/s"))
        #expect(lines.contains(" streams     4 stalls in 318   tokens: server usage"))
        #expect(lines.contains(" generator   late starts 0  lag p99 80 µs  stamps ≤ 2.0 ms late !  CPU 3 %"))
        #expect(lines.contains(" a server asks to wait"))
        #expect(lines.last == " q stop and report   p pause drawing   l errors")
    }

    @Test func `a sparkline begins at zero, has a blank where nothing ended, and is as wide as the room allows`() {
        let values: [Double?] = [nil, 1, 2, 4, 8, 8, nil, 0, 0, 8, 8, 8]
        #expect(Sparkline(values, room: 12, hasUnicode: true)?.text == " ▂▃▅██ ▁▁███")
        #expect(Sparkline(values, room: 99, hasUnicode: false)?.text == " .:=## __###")
        #expect(Sparkline(Array(repeating: 4, count: 60), room: 29, hasUnicode: true)?.width == 20)
        #expect(Sparkline(values, room: 9, hasUnicode: true) == nil)
    }

    @Test(arguments: [1, 3, 40], [true, false])
    func `no line is wider and no frame higher than the terminal`(_ targets: Int, _ color: Bool) {
        let state = state(targets: targets, name: "名前のとても長い模型\u{1b}[31m")
        for width in [1, 2, 9, 20, 37, 60, 79, 80, 120, 130] {
            for height in [1, 2, 5, 24] {
                let options = LiveScreen.Options(color: color, width: width, height: height, showsErrors: true)
                let lines = LiveScreen(state, options: options).lines
                #expect(lines.count <= height)
                for line in lines {
                    let plain = line.replacing(/\u{1b}\[\d+m/, with: "")
                    #expect(PrintableText.width(plain) <= width, "\(width): \(line)")
                    #expect(!plain.contains("\u{1b}"))
                }
            }
        }
    }

    @Test func `in ASCII nothing else is printed, and the cut of a painted line ends its paint`() {
        let options = LiveScreen.Options(unicode: false, width: 100, showsErrors: true)
        #expect(LiveScreen(state(targets: 3), options: options).lines.allSatisfy { $0.utf8.allSatisfy { $0 < 0x7f } })
        #expect(PaintedLine.cut("a\u{1b}[1mbcd\u{1b}[0me", to: 2) == "a\u{1b}[1mb\u{1b}[0m")
        #expect(PaintedLine.cut("a\u{1b}[1mb\u{1b}[0mcd", to: 3) == "a\u{1b}[1mb\u{1b}[0mc")
    }
}
