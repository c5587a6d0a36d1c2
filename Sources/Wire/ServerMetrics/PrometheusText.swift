package import Timeline

/// Metrics of a server in Prometheus' text format (exposition format 0.0.4).
package struct PrometheusText {
    private let lines: [Substring.UTF8View]

    package init(_ bytes: [UInt8]) {
        let text = Substring(String(decoding: bytes, as: UTF8.self)).utf8
        lines = text.split { $0 == UInt8(ascii: "\n") || $0 == UInt8(ascii: "\r") }
            .map { $0.drop(while: Self.isBlank) }
    }

    /// The value of a metric; nil where there is none, or one that is no number.
    ///
    /// That of one series where only one has the labels, else the sum of all that have them.
    package func value(of selector: MetricSelector) -> Double? {
        // Only what can match is taken apart: a server may have thousands of lines, and is asked many times a second.
        let found = lines.filter { $0.starts(with: selector.name.utf8) }.compactMap(Self.series)
            .filter { selector.matches($0.series) }
        guard !found.isEmpty else { return nil }
        let sum = found.reduce(0) { $0 + $1.value }
        return sum.isFinite ? sum : nil
    }

    /// The names of the metrics, without labels, in their order.
    package var names: [String] {
        var seen: Set<String> = []
        return lines.compactMap { Self.series($0)?.series.name }.filter { seen.insert($0).inserted }
    }

    private static func series(_ line: Substring.UTF8View) -> (series: MetricSelector, value: Double)? {
        var rest = line
        guard let series = MetricSelector.read(from: &rest) else { return nil }
        // A timestamp may follow the value.
        let value = rest.drop(while: isBlank).prefix { !isBlank($0) }
        return Double(Substring(value)).map { (series, $0) }
    }

    private static func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
}
