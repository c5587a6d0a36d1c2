import Metrics
import TestSupport
import Timeline

@testable import Report

/// Small pictures whose values were chosen by hand.
enum PageFixture {
    static func distribution(_ name: String, _ values: [Double], bound: Double = 0.9) -> Distribution {
        let points = values.enumerated().map {
            Distribution.Point(value: $1, share: Double($0 + 1) / Double(values.count))
        }
        let bands = [0.25, 0.5, 0.75, 0.9].filter { $0 <= bound }.map { share in
            let place = Double(values.count - 1) * share
            return Distribution.Band(
                share: share, interval: values[max(0, Int(place) - 1)]...values[min(values.count - 1, Int(place) + 2)])
        }
        return Distribution(
            metric: Fixture.definitions[name] ?? Fixture.metric(name, name, .milliseconds, ""), points: points,
            bands: bands,
            quantiles: [0, 0.5, 0.9, 1].map { share in
                Distribution.Point(value: values[Int(Double(values.count - 1) * share)], share: share)
            }, count: values.count)
    }

    static func attempts(_ first: [Double], failing: Set<Int> = []) -> [AttemptPoint] {
        first.enumerated().map { index, value in
            AttemptPoint(
                requestIndex: index, attempt: 1, phase: index == 0 ? .warmup : .measured,
                outcome: failing.contains(index) ? .truncated : .ok, sent: Double(index) * 500,
                planned: Double(index) * 500,
                timeToFirstToken: value, endToEnd: failing.contains(index) ? nil : value * 2)
        }
    }

    static func stream(_ diagram: String, choices: [StreamChoice] = [.median]) -> StreamPicture? {
        StreamPicture(StreamRecord(diagram: diagram, tick: .milliseconds(100)), choices: choices)
    }

    static func target(_ summary: TargetSummary, _ first: [Double], failing: Set<Int> = []) -> TargetPicture {
        TargetPicture(
            summary: summary,
            distributions: [
                "ttft": distribution("ttft", first.sorted()),
                "itl": distribution("itl", [4, 5, 5.5, 6, 40], bound: 0.75),
            ], attempts: attempts(first, failing: failing),
            raster: TokenRaster(
                rows: [
                    TokenRaster.Row(
                        key: AttemptKey(requestIndex: 1, attempt: 1), outcome: .ok, reads: [300, 310, 500], end: 510),
                    TokenRaster.Row(
                        key: AttemptKey(requestIndex: 2, attempt: 1), outcome: .truncated, reads: [320], end: nil),
                ], total: 9),
            gaps: GapMap(
                columnWidth: 1, cells: [.init(column: 0, row: 5, count: 8), .init(column: 1, row: 18, count: 1)],
                gapCount: 2),
            streams: [
                stream("---a-b--------c-d|"), stream("--a-(bcd)x", choices: [.failed]),
            ].compactMap(\.self))
    }

    static func ranking(_ name: String, _ values: [Double], apart: Bool = true) -> Ranking {
        let metric = Fixture.definitions[name] ?? Fixture.metric(name, name, .milliseconds, "")
        return Ranking(
            metric: metric, statistic: .p50,
            entries: values.enumerated().map { index, value in
                let ratio = value / values[0]
                return Ranking.Entry(
                    target: index, value: value, ratio: index == 0 ? nil : ratio,
                    interval: index == 0 ? nil : (apart ? ratio * 0.99 : 0.98)...ratio * 1.01)
            })
    }

    /// Two targets: a fast one, and a slow one with failures and warnings.
    static let two: RunsPicture = {
        var fast = Fixture.six.targets[1]
        fast.target.name = "fast"
        var slow = Fixture.chatTarget
        slow.target.name = "slow"
        let run = Fixture.run(targets: [fast, slow], load: .closed(concurrency: 4), amount: .requests(20))
        let summary = RunSummary(run: run, targets: [fast, slow])
        return RunsPicture(
            runs: [
                RunPicture(
                    summary: summary,
                    targets: [
                        target(fast, [360, 350.1, 350.2, 350.3, 351]),
                        target(slow, [900, 800, 1200, 700, 2800], failing: [2]),
                    ])
            ],
            rankings: [
                ranking("ttft", [350.14, 341.25 * 4], apart: true), ranking("e2e", [1345.6, 2004.2], apart: false),
            ], curves: [])
    }()
}
