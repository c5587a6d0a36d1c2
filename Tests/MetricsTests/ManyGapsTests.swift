import Metrics
import Testing
import Timeline

/// Figures over many gaps, each with a bound of its own, beside those of the same gaps put in order one by one.
struct ManyGapsTests {
    private static let streams: [[(gap: Int64, late: Int64)]] = {
        var generator = SeededGenerator(seed: 5)
        return (0..<40).map { _ in
            (0..<50).map { _ in
                (.random(in: 0...9_000_000, using: &generator), .random(in: 0...4_000_000, using: &generator))
            }
        }
    }()

    private static func record(_ gaps: [(gap: Int64, late: Int64)], at place: Int) -> StreamRecord {
        var arrival = Instant(nanoseconds: 1_000_000_000)
        var record = StreamRecord(
            requestIndex: place, target: "target", planned: arrival, dispatched: arrival, sent: arrival)
        for (index, event) in gaps.enumerated() {
            arrival = arrival + Nanoseconds(event.gap)
            record.events.append(
                StreamEvent(
                    index: index, readIndex: index, arrival: arrival, reading: arrival + Nanoseconds(event.gap / 3),
                    lateBound: Nanoseconds(event.late), kind: .text, characters: 1, contentBytes: 1, wireBytes: 9))
        }
        record.terminal = arrival
        return record
    }

    private static let target = RunSummary(
        run: .fixture(),
        records: streams.enumerated().map { record($1, at: $0) }
    ).targets[0]

    @Test(arguments: [Statistic.min, .p50, .p75, .p90, .p95, .p99, .p999, .max])
    func `the range of a figure of many gaps is that of the gaps in order`(statistic: Statistic) {
        let ordered = Self.streams.map { stream in zip(stream, stream.dropFirst()) }
        let shortest = ordered.flatMap { $0.map { max(0, $1.gap - $1.late) } }.sorted().map { Double($0) / 1e6 }
        let longest = ordered.flatMap { $0.map { $1.gap + $0.late } }.sorted().map { Double($0) / 1e6 }
        let range = Self.target[metric: "icl"]?[statistic]?.measurementRange
        #expect(isClose(range?.lowerBound, Self.quantile(statistic, of: shortest)))
        #expect(isClose(range?.upperBound, Self.quantile(statistic, of: longest)))
        #expect(Self.target[metric: "itl"]?[statistic]?.measurementRange == range)
    }

    @Test func `lags and bounds of many events are those of the events in order`() {
        let lags = Self.streams.joined().map { Double($0.gap / 3) / 1e6 }.sorted()
        let bounds = Self.streams.joined().map { Double($0.late) / 1e6 }.sorted()
        #expect(isClose(Self.target.error.lag?.p99, Self.quantile(.p99, of: lags)))
        #expect(Self.target.error.lag?.max == lags.last)
        #expect(isClose(Self.target.error.lateBound?.p50, Self.quantile(.p50, of: bounds)))
        #expect(isClose(Self.target.error.lateBound?.p99, Self.quantile(.p99, of: bounds)))
    }

    /// The quantile of type 7 by its definition.
    private static func quantile(_ statistic: Statistic, of ordered: [Double]) -> Double {
        let probabilities: [Statistic: Double] = [
            .min: 0, .p50: 0.5, .p75: 0.75, .p90: 0.9, .p95: 0.95, .p99: 0.99, .p999: 0.999, .max: 1,
        ]
        let position = Double(ordered.count - 1) * (probabilities[statistic] ?? .nan)
        let (lower, upper) = (ordered[Int(position)], ordered[min(Int(position) + 1, ordered.count - 1)])
        return lower + (upper - lower) * (position - position.rounded(.down))
    }
}
