import Statistics
import Timeline

/// Computes what a run prints of one metric: four percentiles, each with its interval.
struct StatisticsBenchmark {
    /// Doubles of 8 bytes in this machine's order.
    var values: [UInt8]

    /// `{"values", "figures", "seconds"}`, of sorting and reading once.
    var line: String {
        get throws {
            let doubles = values.withUnsafeBytes { bytes in
                stride(from: 0, to: bytes.count - 7, by: 8).map {
                    bytes.loadUnaligned(fromByteOffset: $0, as: Double.self)
                }
            }
            let start = MonotonicClock.now()
            let sample = SortedSample(doubles)
            let figures = [0.5, 0.9, 0.95, 0.99].compactMap { probability -> JSONValue? in
                _ = sample.quantileInterval(probability)
                return sample.quantile(probability).map { .number($0) }
            }
            return Timing(start: start).line(["values": .integer(sample.count), "figures": .array(figures)])
        }
    }
}
