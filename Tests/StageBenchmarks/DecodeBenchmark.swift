import Timeline
import Wire

/// Decodes one body again and again for about a second.
struct DecodeBenchmark {
    var api: String
    var body: [UInt8]

    struct UnknownAPI: Error { var name: String }

    /// `{"bytes", "events", "seconds"}`: of all repetitions together.
    var line: String {
        get throws {
            guard let dialect = Dialects.named(api) else { throw UnknownAPI(name: api) }
            let headers = [HeaderField("Content-Type", contentType(of: dialect.framing))]
            let start = MonotonicClock.now()
            var (bytes, events) = (0, 0)
            while MonotonicClock.now() - start < .seconds(1) {
                var decoder = StreamDecoder(
                    dialect: dialect, status: 200, headers: headers, expectsStream: true, keepsText: false)
                body.withUnsafeBytes { decoder.receive($0, readIndex: 0) }
                events += decoder.finish(.clean).events.count
                bytes += body.count
            }
            return Timing(start: start).line(["bytes": .integer(bytes), "events": .integer(events)])
        }
    }

    private func contentType(of framing: WireFraming) -> String {
        switch framing {
        case .serverSentEvents: "text/event-stream"
        case .jsonLines: "application/x-ndjson"
        case .awsEventStream: "application/vnd.amazon.eventstream"
        }
    }
}
