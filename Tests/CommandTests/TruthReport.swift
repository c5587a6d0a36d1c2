import Foundation
import Testing
import Timeline

/// What `Tests/Reference/truth.py` says of an export beside the log of the server that sent the streams.
struct TruthReport: CustomStringConvertible {
    /// Differences in microseconds, times to first token in milliseconds.
    struct Spread {
        var min: Double
        var p50: Double
        var p99: Double
        var max: Double
    }

    let joined: Int
    let contentEvents: Int
    /// Requests that only one side knows, that came twice, without an id, or with another number of events.
    let mismatches: Int
    let arrivalMinusSend: Spread
    let readingMinusSend: Spread
    /// From the return of the call that sent it: negative where the kernel delivered within the call.
    let arrivalMinusReturn: Spread
    /// The earliest that the arrival can have been, from the return of the call that sent it: never positive.
    let arrivalBeyondReturn: Spread
    let measuredFirstToken: Spread
    let sentFirstToken: Spread
    private let text: String

    init(_ run: MeasuredRun, _ server: SimulatorServer) throws {
        let script = Tool.root.appendingPathComponent("Tests/Reference/truth.py").path
        let result = try Tool.python(script, run.export.path, server.log.path)
        try #require(result.status == 0, "\(result.errors)")
        let report = try JSONValue(parsing: result.output)
        func spread(_ value: JSONValue?) throws -> Spread {
            func number(_ name: String) throws -> Double {
                try #require(value?[name]?.doubleValue, "no \(name) in \(result.output)")
            }
            return Spread(
                min: try number("min"), p50: try number("p50"), p99: try number("p99"), max: try number("max"))
        }
        let requests = try #require(report["requests"])
        joined = try #require(requests["joined"]?.integerValue)
        let sides = ["only_measured", "only_sent", "ambiguous", "different_content_count"]
        mismatches = try sides.reduce(try #require(requests["sent_without_id"]?.integerValue)) {
            $0 + (try #require(requests[$1]?["count"]?.integerValue))
        }
        contentEvents = try #require(report["content_events"]?.integerValue)
        arrivalMinusSend = try spread(report["arrival_minus_send_us"])
        readingMinusSend = try spread(report["reading_minus_send_us"])
        arrivalMinusReturn = try spread(report["arrival_minus_return_us"])
        arrivalBeyondReturn = try spread(report["arrival_minus_late_bound_minus_return_us"])
        measuredFirstToken = try spread(report["ttft_ms"]?["measured"])
        sentFirstToken = try spread(report["ttft_ms"]?["sent"])
        text = result.output
    }

    /// The largest relative difference of the two sides' times to first token, over p50 and p99.
    var firstTokenError: Double {
        max(
            abs(measuredFirstToken.p50 / sentFirstToken.p50 - 1), abs(measuredFirstToken.p99 / sentFirstToken.p99 - 1))
    }

    /// What must hold whatever the machine does meanwhile: its delays make figures worse, never wrong.
    func expectSound(requests: Int, sourceLocation: SourceLocation = #_sourceLocation) {
        #expect(joined == requests, "\(text)", sourceLocation: sourceLocation)
        #expect(mismatches == 0, "\(text)", sourceLocation: sourceLocation)
        #expect(arrivalMinusSend.min >= -1, "an arrival before its send\n\(text)", sourceLocation: sourceLocation)
        #expect(
            arrivalBeyondReturn.max <= 1, "an arrival later than its bound\n\(text)", sourceLocation: sourceLocation)
        #expect(
            readingMinusSend.min >= arrivalMinusSend.min, "a reading before its arrival", sourceLocation: sourceLocation
        )
    }

    var description: String {
        func line(_ name: String, _ spread: Spread, _ unit: String) -> String {
            let numbers = [spread.min, spread.p50, spread.p99, spread.max].map { String(format: "%11.3f", $0) }
            return name.padding(toLength: 32, withPad: " ", startingAt: 0) + numbers.joined() + " " + unit
        }
        return """
            \(joined) answers, \(contentEvents) content events
                                                    min        p50        p99        max
            \(line("arrival - send", arrivalMinusSend, "us"))
            \(line("reading - send", readingMinusSend, "us"))
            \(line("arrival - send's return", arrivalMinusReturn, "us"))
            \(line("arrival - bound - send's return", arrivalBeyondReturn, "us"))
            \(line("TTFT measured", measuredFirstToken, "ms"))
            \(line("TTFT sent", sentFirstToken, "ms"))
            """
    }
}
