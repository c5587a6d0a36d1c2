import Timeline

/// A row of requests.csv.
struct RequestRow {
    var run: RunDescription
    var target: TargetRun?
    var record: StreamRecord
    var metrics: RecordMetrics

    /// Nil where either instant never came.
    func length(from start: Instant?, to end: Instant?) -> Nanoseconds? {
        guard let start, let end else { return nil }
        return end - start
    }
}

/// The columns of requests.csv: the facts of each attempt, with the computed columns among them.
enum RequestColumns {
    static func all(metrics: [MetricColumn]) -> [CSVColumn<RequestRow>] {
        identity + outcome + times + computed(metrics) + tokens + transfer + rateLimits
    }

    private static let identity: [CSVColumn<RequestRow>] = [
        CSVColumn("run_id", .string, "The run; key with request_index and attempt.") { $1.text($0.run.id) },
        CSVColumn("request_index", .integer, "Counts from 0 through the plan.") { $1.integer($0.record.requestIndex) },
        CSVColumn("attempt", .integer, "Counts from 1; higher ones are retries.") { $1.integer($0.record.attempt) },
        CSVColumn("phase", .string, "warmup or measured.") { $1.text($0.record.phase.rawValue) },
        CSVColumn("target", .string, "The target's name in the scenario.") { $1.text($0.record.target) },
        CSVColumn("api", .string, "The API dialect.") { $1.text($0.target?.api) },
        CSVColumn("model", .string, "The model that was asked for.") { $1.text($0.target?.model) },
        CSVColumn("served_model", .string, "The model that the server named.") { $1.text($0.record.servedModel) },
        CSVColumn("system_fingerprint", .string, "The configuration that the server named.") {
            $1.text($0.record.systemFingerprint)
        },
        CSVColumn("upstream_provider", .string, "Who answered behind a router.") {
            $1.text($0.record.upstreamProvider)
        },
        CSVColumn("scenario", .string, "The scenario's name.") { $1.text($0.run.scenarioName) },
        CSVColumn("prompt_id", .string, "The prompt's name.") { $1.text($0.record.promptID) },
        CSVColumn("client_request_id", .string, "The X-Request-Id that was sent.") {
            $1.text($0.record.clientRequestID)
        },
    ]

    private static let outcome: [CSVColumn<RequestRow>] = [
        CSVColumn("status", .string, "How the attempt ended; complete streams begin with ok.") {
            $1.text($0.record.outcome.outcomeClass.rawValue)
        },
        CSVColumn("error_kind", .string, "A finer class of the status.") { $1.text($0.record.outcome.detail) },
        CSVColumn("http_status", .integer, "The HTTP status code.") { $1.integer($0.record.httpStatus) },
        CSVColumn("retry_after_ms", .number, unit: "ms", "The pause that the server asked for.") {
            $1.milliseconds($0.record.rateLimits?.retryAfter)
        },
        CSVColumn("finish_reason", .string, "Why the model stopped, in the server's word.") {
            $1.text($0.record.finishReason)
        },
        CSVColumn("error_message", .string, "What the server or the transport said.") {
            $1.text($0.record.outcome.message)
        },
    ]

    private static let times: [CSVColumn<RequestRow>] = [
        CSVColumn("started_at_utc", .datetime, "When it was sent, by the wall clock; a label.") { row, cell in
            let wallClock = row.record.sent.map { ($0 - row.run.started).count + row.run.startedWallClock }
            cell.text(wallClock.map { UTCTimestamp(nanosecondsSince1970: $0).iso8601InMicroseconds })
        },
        CSVColumn("planned_offset_ms", .number, unit: "ms", "From the run's start to the planned instant.") {
            $1.milliseconds($0.record.planned - $0.run.started)
        },
        CSVColumn("retry_wait_ms", .number, unit: "ms", "The pause before a retry; no latency contains it.") {
            $1.milliseconds($0.record.retryWait?.length)
        },
        CSVColumn("retry_due_offset_ms", .number, unit: "ms", "From the run's start to the end of that pause.") {
            $1.milliseconds($0.length(from: $0.run.started, to: $0.record.retryWait?.due))
        },
        CSVColumn("dispatch_offset_ms", .number, unit: "ms", "From the run's start to dispatch.") {
            $1.milliseconds($0.length(from: $0.run.started, to: $0.record.dispatched))
        },
        CSVColumn(
            "start_offset_ms", .number, unit: "ms", "From the run's start to the first byte sent; of the last send."
        ) {
            $1.milliseconds($0.length(from: $0.run.started, to: $0.record.sent))
        },
        CSVColumn("dns_ms", .number, unit: "ms", "Name lookup; 0 on a connection used again.") {
            $1.milliseconds($0.record.connection.nameLookup)
        },
        CSVColumn("connect_ms", .number, unit: "ms", "TCP connect; 0 on a connection used again.") {
            $1.milliseconds($0.record.connection.connect)
        },
        CSVColumn("tls_ms", .number, unit: "ms", "TLS handshake; 0 on a connection used again.") {
            $1.milliseconds($0.record.connection.tls)
        },
    ]

    /// Leaves out what bears a fact's name: the fact is what was observed, and no header may have a name twice.
    private static func computed(_ metrics: [MetricColumn]) -> [CSVColumn<RequestRow>] {
        let facts = Set((identity + outcome + times + tokens + transfer + rateLimits).map(\.name))
        return metrics.enumerated().filter { !facts.contains($0.element.name) }.map { index, metric in
            CSVColumn(metric.name, metric.type, unit: metric.unit, metric.description) { row, cell in
                switch index < row.metrics.cells.count ? row.metrics.cells[index] : nil {
                case .milliseconds(let value)?: cell.milliseconds(value)
                case .number(let value)?: cell.number(value)
                case .integer(let value)?: cell.integer(value)
                case .boolean(let value)?: cell.boolean(value)
                case .text(let value)?: cell.text(value)
                case nil: cell.empty()
                }
            }
        }
    }

    private static let tokens: [CSVColumn<RequestRow>] = [
        CSVColumn("input_tokens", .integer, "Input tokens by the server's count, cached ones included.") {
            $1.integer($0.record.usage?.input)
        },
        CSVColumn("output_tokens", .integer, "Output tokens by the server's count, reasoning included.") {
            $1.integer($0.record.usage?.output)
        },
        CSVColumn("reasoning_tokens", .integer, "Reasoning tokens among the output tokens.") {
            $1.integer($0.record.usage?.reasoning)
        },
        CSVColumn("cached_tokens", .integer, "Cached tokens among the input tokens.") {
            $1.integer($0.record.usage?.cached)
        },
        CSVColumn("content_events", .integer, "Events that carried content; each is a row of events.csv.") {
            $1.integer($0.record.events.count { $0.kind.isContent })
        },
        CSVColumn("output_chars", .integer, "Unicode scalars of content.") {
            $1.integer($0.record.events.reduce(0) { $0 + ($1.kind.isContent ? $1.characters : 0) })
        },
    ]

    private static let transfer: [CSVColumn<RequestRow>] = [
        CSVColumn("bytes_received", .integer, "Bytes of the response body.") { $1.integer($0.record.bytesReceived) },
        CSVColumn("http_version", .string, "As the server spoke it.") { $1.text($0.record.httpVersion) },
        CSVColumn("sends", .integer, "More than 1 where the connection broke and the library sent it again.") {
            $1.integer($0.record.sendCount)
        },
        CSVColumn("conn_reused", .boolean, "Whether the connection had been used before.") {
            $1.boolean(!$0.record.connection.isNew)
        },
        CSVColumn("has_every_event", .boolean, "False where only the first and the last content are known.") {
            $1.boolean($0.record.hasEveryEvent)
        },
    ]
}
