package import Metrics
import Timeline

/// What a calibration found, a line a load, and the loads up to which a machine measures how well.
package struct CalibrationReport: Sendable {
    private let calibration: Calibration

    package init(_ calibration: Calibration) { self.calibration = calibration }

    package func text(options: TableReport.Options = TableReport.Options()) -> String {
        let painter = Painter(hasColor: options.color, hasUnicode: options.unicode)
        let micro = "\(painter.micro)s"
        var table = TextTable(columns: [
            TextTable.Column(header: "streams", alignment: .right, emphasis: .strong),
            TextTable.Column(header: "chunks/s", alignment: .right),
            TextTable.Column(header: "events p50", unit: micro, alignment: .decimal, importance: 80),
            TextTable.Column(header: "p99", unit: micro, alignment: .decimal),
            TextTable.Column(header: "p99.9", unit: micro, alignment: .decimal, importance: 70),
            TextTable.Column(header: "max", unit: micro, alignment: .decimal, importance: 75),
            TextTable.Column(header: "TTFT p50", unit: micro, alignment: .decimal, importance: 60),
            TextTable.Column(header: "p99", unit: micro, alignment: .decimal, importance: 65),
            TextTable.Column(header: "read p99", unit: micro, alignment: .decimal, importance: 50),
            TextTable.Column(header: "CPU/chunk", unit: micro, alignment: .decimal, importance: 90),
        ])
        table.rows = calibration.steps.map { Self.cells(of: $0).map { TextTable.Cell($0) } }
        let lines = table.lines(width: max(60, options.width), painter: painter)
        return (lines + [""] + limits(painter) + notes).map { "\($0)\n" }.joined()
    }

    private static func cells(of step: CalibrationStep) -> [String] {
        func time(_ milliseconds: Double?) -> String {
            milliseconds.map { NumberFormat.significant($0 * 1000) } ?? "n/a"
        }
        return [
            String(step.streams), NumberFormat.fixed(step.chunksPerSecond, decimals: 0), time(step.eventError?.p50),
            time(step.eventError?.p99), time(step.eventError?.p999), time(step.eventError?.max),
            time(step.firstTokenError?.p50), time(step.firstTokenError?.p99), time(step.readingError?.p99),
            NumberFormat.significant(step.processorTimePerChunk),
        ]
    }

    private func limits(_ painter: Painter) -> [String] {
        Calibration.tolerances.map { tolerance in
            let name = NumberFormat.bound(milliseconds: tolerance, micro: painter.micro)
            guard let step = calibration.highestLoad(within: tolerance) else { return "within \(name) at p99: no load" }
            let isTop = step == calibration.steps.last ? ", the highest that was tried" : ""
            return "within \(name) at p99: up to \(step.streams) streams, "
                + "\(NumberFormat.fixed(step.chunksPerSecond, decimals: 0)) chunks/s\(isTop)"
        }
    }

    /// What makes a step say less of the machine than it seems to.
    private var notes: [String] {
        calibration.steps.compactMap { step in
            if step.unmatched > 0 {
                return "! \(step.streams) streams: \(step.unmatched) of \(step.requests) requests could not be compared"
            }
            guard step.chunksPerSecond < 0.9 * step.plannedChunksPerSecond else { return nil }
            return "! \(step.streams) streams: the simulator sent "
                + "\(NumberFormat.fixed(step.chunksPerSecond, decimals: 0)) of "
                + "\(NumberFormat.fixed(step.plannedChunksPerSecond, decimals: 0)) chunks/s: it shares this machine"
        }
    }

    package var json: String { value.indentedText + "\n" }

    private var value: JSONValue {
        [
            "schema_version": .integer(JSONReport.schemaVersion), "version": .string(calibration.toolVersion),
            "host": .string(calibration.host.name), "clock_source": .string(calibration.clockSource.rawValue),
            "measured_at_utc": .string(UTCTimestamp(nanosecondsSince1970: calibration.measuredWallClock).iso8601),
            "steps": .array(calibration.steps.map(Self.value)),
            "limits": .array(
                Calibration.tolerances.map { tolerance in
                    let step = calibration.highestLoad(within: tolerance)
                    return [
                        "p99_ms": .rounded(tolerance), "streams": .optional(step?.streams),
                        "chunks_per_second": .rounded(step?.chunksPerSecond),
                    ]
                }),
        ]
    }

    private static func value(_ step: CalibrationStep) -> JSONValue {
        [
            "streams": .integer(step.streams), "planned_chunks_per_second": .rounded(step.plannedChunksPerSecond),
            "chunks_per_second": .rounded(step.chunksPerSecond), "requests": .integer(step.requests),
            "unmatched": .integer(step.unmatched), "events": .integer(step.events),
            "event_error_ms": value(step.eventError), "reading_error_ms": value(step.readingError),
            "ttft_error_ms": value(step.firstTokenError), "cpu_us_per_chunk": .rounded(step.processorTimePerChunk),
            "server_late_max_ms": .rounded(step.serverLateness),
        ]
    }

    private static func value(_ spread: CalibrationStep.Spread?) -> JSONValue {
        guard let spread else { return .null }
        return [
            "p50": .rounded(spread.p50), "p99": .rounded(spread.p99), "p99.9": .rounded(spread.p999),
            "max": .rounded(spread.max),
        ]
    }
}
