import TestSupport
import Testing
import Timeline

@testable import Metrics

/// What reports draw, held against the tables' own figures and against values worked out by hand.
struct PictureTests {
    /// Complete streams of three tokens, each with its own TTFT and gap, one after another.
    static func records(_ tempos: [(first: Double, gap: Double)], target: String = "target") -> [StreamRecord] {
        tempos.enumerated().map { index, tempo in
            var record = StreamRecord(
                arrivals: [tempo.first, tempo.first + tempo.gap, tempo.first + 2 * tempo.gap], tokens: [1, 1, 1],
                end: tempo.first + 2 * tempo.gap + 1, requestIndex: index,
                sent: Instant(nanoseconds: Int64(index) * 1_000_000_000))
            record.target = target
            return record
        }
    }

    static func sample(_ tempos: [(first: Double, gap: Double)]) -> TargetSample {
        let run = RunDescription.fixture(amount: .requests(tempos.count))
        return TargetSample(run: run, target: run.targets[0], records: records(tempos))
    }

    @Test func `a distribution steps by one share a value, equal ones together`() throws {
        let sample = Self.sample([(30, 5), (10, 5), (20, 5), (20, 5)])
        let points = try #require(sample.distribution(of: "ttft")).points
        #expect(points.map(\.value) == [10, 20, 30])
        #expect(points.map(\.share) == [0.25, 0.75, 1])
    }

    @Test(arguments: ["ttft", "itl"])
    func `bands and quantiles of a distribution are the intervals and percentiles of the table`(metric: String) throws {
        let sample = Self.sample(
            (0..<60).map { index -> (first: Double, gap: Double) in
                (first: 100 + Double(index * 37 % 60), gap: 5 + Double(index * 11 % 7))
            })
        let table = try #require(TargetSummary(sample)[metric: metric])
        let distribution = try #require(sample.distribution(of: metric))
        for (statistic, share) in [(Statistic.p50, 0.5), (.p75, 0.75), (.p90, 0.9), (.p95, 0.95)] {
            let band = distribution.bands.first { abs($0.share - share) < 1e-9 }?.interval
            #expect(band == table[statistic]?.interval)
            let quantile = distribution.quantiles.first { abs($0.share - share) < 1e-9 }?.value
            #expect(isClose(quantile, table[statistic]?.value ?? .nan))
        }
        #expect(distribution.quantiles.last?.value == table[.max]?.value)
        #expect(distribution.points.last?.value == table[.max]?.value)
    }

    @Test func `thinning out many values keeps both ends and moves no share by more than its step`() throws {
        let sample = Self.sample(
            (0..<3000).map { index -> (first: Double, gap: Double) in (first: Double(index + 1), gap: 1) })
        let points = try #require(sample.distribution(of: "ttft")).points
        #expect(points.count <= Distribution.pointLimit + 2)
        #expect(points.first?.value == 1 && points.last?.value == 3000)
        for (before, after) in zip(points, points.dropFirst()) { #expect(after.share - before.share < 0.0041) }
        for point in points { #expect(isClose(point.share, point.value / 3000)) }
    }

    @Test func `the chosen streams are the median, p95, the worst, the longest gap and the first that failed`() {
        var records = Self.records(
            (0..<20).map { index -> (first: Double, gap: Double) in (first: Double(119 - index), gap: 5) })
        records[3] = Self.records([(60, 400)])[0]
        records[3].requestIndex = 3
        records[7].outcome = StreamOutcome(.truncated)
        let run = RunDescription.fixture()
        let chosen = TargetSample(run: run, target: run.targets[0], records: records).chosenStreams
        let indices = Dictionary(
            uniqueKeysWithValues: chosen.flatMap { one in one.choices.map { ($0, one.key.requestIndex) } })
        // 19 complete ones; by rising E2E requests 19, 18, ... 8, 6, 5, 4, 2, 1, 0, and then the slow 3.
        #expect(indices[.median] == 10)
        #expect(indices[.p95] == 3)
        #expect(indices[.worst] == 3)
        #expect(indices[.longestGap] == 3)
        #expect(indices[.failed] == 7)
        #expect(chosen.count == 3)
    }

    @Test func `a stream's phases follow each other, and its stalls are those that are counted`() throws {
        var record = StreamRecord.golden
        record.planned = record.planned - .milliseconds(7)
        record.dispatched = record.planned + .milliseconds(4)
        let stream = try #require(StreamPicture(record, choices: [.median]))
        let bounds = stream.spans.map { [$0.range.lowerBound, $0.range.upperBound] }
        #expect(stream.spans.map(\.phase) == [.queue, .connection, .firstByte, .firstToken, .stream, .end])
        #expect(bounds == [[-7, -3], [-3, 0], [0, 400], [400, 400], [400, 1100], [1100, 1105]])
        #expect(stream.stalls == [436...700, 772...1100])
        #expect(stream.stalls.count == StreamMetrics(record).stallCount)
        #expect(stream.chunks.map(\.offset) == [400, 412, 424, 436, 700, 705, 706, 760, 772, 1100])
        #expect(stream.chunks.map(\.tokens) == [1, 1, 1, 1, 1, 4, 3, 1, 1, 2])
    }

    @Test func `chunks of one read are together`() throws {
        let stream = try #require(
            StreamPicture(StreamRecord(diagram: "--a-(bcd)-e|", tick: .milliseconds(10)), choices: [.median]))
        #expect(stream.chunks.map(\.isTogether) == [false, false, true, true, false])
        #expect(stream.chunks.map(\.text) == ["a", "b", "c", "d", "e"])
    }

    @Test func `gaps are counted by place and by length`() {
        // Gaps of 5 ms at place 0 and of 5 or 50 ms at place 1: rows 8 * log10, rounded down.
        var records = Self.records([(10, 5), (10, 5)])
        records[1].events[2].arrival = records[1].events[1].arrival + .milliseconds(50)
        let run = RunDescription.fixture()
        let map = GapMap(TargetSample(run: run, target: run.targets[0], records: records))
        #expect(
            map.cells == [
                GapMap.Cell(column: 0, row: 5, count: 2), GapMap.Cell(column: 1, row: 5, count: 1),
                GapMap.Cell(column: 1, row: 13, count: 1),
            ])
        #expect(map.columnWidth == 1 && map.gapCount == 2)
    }

    @Test func `a ranking puts the fastest first, and holds the others against it`() throws {
        let samples = [200.0, 100, 100.1].map { first in
            Self.sample(
                (0..<40).map { index -> (first: Double, gap: Double) in
                    (first: first + Double(index * 7 % 40) / 10, gap: 5)
                })
        }
        let byTime = try #require(Ranking(samples, by: "ttft", .p50))
        #expect(byTime.entries.map(\.target) == [1, 2, 0])
        #expect(byTime.entries[0].ratio == nil)
        #expect(isClose(byTime.entries[2].ratio, 201.95 / 101.95))
        #expect(byTime.entries[2].isApart == true)
        #expect(byTime.entries[1].isApart == false)
        let speeds = [10.0, 5].map { gap in Self.sample(Array(repeating: (first: 1, gap: gap), count: 9)) }
        let bySpeed = try #require(Ranking(speeds, by: "output_speed", .p50))
        #expect(bySpeed.entries.map(\.target) == [1, 0])
        #expect(isClose(bySpeed.entries[1].ratio, 0.5))
        // A figure that is not printed, since its sample is too small, decides no order.
        #expect(Ranking([Self.sample([(1, 10)]), Self.sample([(1, 5)])], by: "output_speed", .p50) == nil)
    }

    static func summary(concurrency: Int, throughput: Double, latency: Double) -> RunSummary {
        var target = TargetSummary(sample([(10, 1)]))
        for index in target.metrics.indices {
            switch target.metrics[index].metric.name {
            case "request_throughput": target.metrics[index].estimates[0].value = throughput
            case "e2e":
                for place in target.metrics[index].estimates.indices {
                    target.metrics[index].estimates[place].value = latency
                }
            default: break
            }
        }
        return RunSummary(run: .fixture(load: .closed(concurrency: concurrency)), targets: [target])
    }

    @Test func `the knee is where throughput over latency is greatest, between other loads`() {
        // Powers: 1/1000, 2/1050, 3.5/1200, 3.6/2400.
        let loads = [
            Self.summary(concurrency: 4, throughput: 3.5, latency: 1200),
            Self.summary(concurrency: 1, throughput: 1, latency: 1000),
            Self.summary(concurrency: 2, throughput: 2, latency: 1050),
            Self.summary(concurrency: 8, throughput: 3.6, latency: 2400),
        ]
        let curve = LoadCurve.curves(of: loads)
        #expect(curve.count == 1)
        #expect(curve.first?.points.map(\.load) == [1, 2, 4, 8])
        #expect(curve.first?.points.map(\.run) == [1, 2, 0, 3])
        #expect(curve.first?.knee == 2)
        #expect(LoadCurve.curves(of: Array(loads[0..<3])).first?.knee == nil)
        #expect(LoadCurve.curves(of: [loads[0], loads[0]]).isEmpty)
    }

    @Test func `a collection draws warm-up as points and nowhere else`() throws {
        var records = Self.records([(10, 1), (20, 1), (30, 1)])
        records[0].phase = .warmup
        let run = RunDescription.fixture()
        var collection = PictureCollection(run: run)
        for record in records { collection.add(record) }
        collection.chooseStreams()
        for record in records { collection.addStream(of: record) }
        let target = try #require(collection.picture.targets.first)
        #expect(target.attempts.map(\.phase) == [.warmup, .measured, .measured])
        #expect(target.attempts.map(\.timeToFirstToken) == [10, 20, 30])
        #expect(target.attempts.map(\.sent) == [0, 1000, 2000])
        #expect(target.distributions["ttft"]?.points.map(\.value) == [20, 30])
        #expect(target.raster.rows.map(\.key.requestIndex) == [1, 2])
        #expect(target.raster.rows.first?.reads == [20, 21, 22])
        #expect(target.streams.map(\.key.requestIndex) == [1, 2])
    }
}
