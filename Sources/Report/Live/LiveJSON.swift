import Metrics
package import Timeline

/// A run while it goes on, as one JSON object; times are in milliseconds, and null stands where nothing is known.
package struct LiveJSON: Sendable {
    private let state: LiveState

    package init(_ state: LiveState) { self.state = state }

    /// One line, without its end.
    package var text: String { value.text }

    package var value: JSONValue {
        let figures = state.figures
        return [
            "schema_version": .integer(JSONReport.schemaVersion), "run": .string(state.run.id),
            "elapsed_s": .rounded(figures.elapsed.seconds), "share": .rounded(figures.share),
            "is_measuring": .bool(figures.isMeasuring), "sent": .optional(figures.started),
            "in_flight": .optional(figures.inFlight), "done": .integer(figures.ended),
            "failed": .integer(figures.failed), "warmup": .integer(figures.warmupEnded),
            "errors": Self.errors(figures.errors), "late_starts": .integer(figures.lateStarts),
            "queue_delay_p99_ms": .rounded(figures.queueDelay), "lag_p99_ms": .rounded(figures.lag),
            "late_bound_p99_ms": .rounded(figures.lateBound),
            "targets": .array(figures.targets.map(Self.target)),
        ]
    }

    private static func errors(_ errors: [LiveError]) -> JSONValue {
        .object(errors.map { JSONValue.Member($0.name, .integer($0.count)) })
    }

    private static func target(_ target: LiveFigures.Target) -> JSONValue {
        [
            "name": .string(target.name), "model": .string(target.model), "done": .integer(target.ended),
            "complete": .integer(target.complete), "errors": errors(target.errors),
            "ttft_ms": course(target.timeToFirstToken), "gap_ms": course(target.gap),
            "output_speed": course(target.speed), "good": .optional(target.good),
            "requests_per_s": .rounded(target.requestsPerSecond), "tokens_per_s": .rounded(target.tokensPerSecond),
            "good_requests_per_s": .rounded(target.goodRequestsPerSecond), "stalls": .integer(target.stalls),
            "token_sources": .strings(target.tokenSources), "output_tokens": .integer(target.tokens),
            "cost": .rounded(target.cost),
        ]
    }

    private static func course(_ course: LiveFigures.Course) -> JSONValue {
        [
            "now": .rounded(course.latest), "p50": .rounded(course.p50), "p90": .rounded(course.p90),
            "p99": .rounded(course.p99),
        ]
    }
}
