package import Metrics
package import Timeline

/// Everything about a run's summary as JSON; members keep their order and their names within a schema version.
package struct JSONReport: Sendable {
    package static let schemaVersion = 1

    private let summary: RunSummary

    package init(summary: RunSummary) { self.summary = summary }

    package var text: String { value.indentedText + "\n" }

    package var value: JSONValue {
        [
            "schema_version": .integer(Self.schemaVersion), "run": run,
            "error_rate": .rounded(summary.errorRate), "client_limited": .bool(summary.isClientLimited),
            "targets": .array(summary.targets.map(target)), "server": server(summary.server),
        ]
    }

    private var run: JSONValue {
        let run = summary.run
        return [
            "id": .string(run.id), "scenario": .string(run.scenarioName),
            "scenario_hash": .string(run.scenarioHash),
            // Only the keys: a value may be a header that nobody wants to see in a report.
            "overridden_keys": .strings(run.overrides.map(EnvironmentLines.name(of:))),
            // As text, since many readers of JSON hold numbers in 53 bits.
            "seed": .string(String(run.seed)), "status": .string(run.status.rawValue),
            "started_at_utc": .string(UTCTimestamp(nanosecondsSince1970: run.startedWallClock).iso8601),
            "duration_ms": .rounded(run.ended.map { ($0 - run.started).milliseconds }),
            "load": load, "interleaved": .bool(run.isInterleaved),
            "clock": [
                "source": .string(run.clockSource.rawValue), "reason": .optional(run.clockSourceReason),
                "stamp_floor_ms": .rounded(run.stampFloor.milliseconds),
            ],
            "measuring_threads": .array(
                run.measuringThreads.map {
                    ["core_share": .rounded($0.share), "processor_time_ms": .rounded($0.processorTime.milliseconds)]
                }),
            "host": [
                "name": .string(run.host.name), "system": .string(run.host.system),
                "processor": .string(run.host.processor), "cores": .integer(run.host.cores),
                "boot_id": .string(run.host.bootID),
            ],
            "tool_version": .string(run.toolVersion), "library_versions": .string(run.libraryVersions),
            "max_error_rate": .rounded(run.maxErrorRate), "tokenizer": .optional(run.tokenizer),
            "max_cost": .rounded(run.maxCost), "reached_max_cost": .bool(run.reachedMaxCost),
            "reader": run.reader.map {
                ["words": .integer($0.words), "tokens": .integer($0.tokens), "speed": .rounded($0.speed)]
            } ?? .null,
            "objectives": .array(
                run.objectives.map { ["metric": .string($0.metric), "limit": .rounded($0.limit)] }),
            "budgets": .array(run.budgets.map(budget)), "tags": .strings(run.tags),
            "imported_from": .optional(run.importedFrom?.tool),
            "skipped_targets": .object(
                run.skipped.sorted { $0.key < $1.key }.map { JSONValue.Member($0.key, .string($0.value)) }),
        ]
    }

    private var load: JSONValue {
        var value: JSONValue
        switch summary.run.load {
        case .closed(let concurrency): value = ["shape": "closed", "concurrency": .integer(concurrency)]
        case .open(let rate, let arrivals):
            value = ["shape": "open", "rate_per_s": .rounded(rate), "arrivals": .string(arrivals.rawValue)]
        }
        switch summary.run.amount {
        case .requests(let count): value.merge("requests", .integer(count))
        case .duration(let length): value.merge("duration_ms", .rounded(length.milliseconds))
        }
        return value
    }

    private func budget(_ budget: Budget) -> JSONValue {
        [
            "key": .string(budget.key), "comparison": .string(budget.comparison.rawValue),
            "limit": .rounded(budget.limit),
        ]
    }

    private func target(_ summary: TargetSummary) -> JSONValue {
        let target = summary.target
        let start = self.summary.run.started
        return [
            "name": .string(target.name), "api": .string(target.api), "model": .string(target.model),
            "base_url": .string(target.baseURL), "http_version": .string(target.httpVersion.rawValue),
            "connections": .string(target.connections.rawValue), "simulated": .bool(target.isSimulated),
            "streams": .bool(target.streams), "whole_of": .optional(target.wholeOf),
            "relay_of": .optional(target.relayOf), "max_connections": .optional(target.maxConnections),
            "requests": .integer(summary.requests), "attempts": .integer(summary.attempts),
            "complete": .integer(summary.complete), "failed": .integer(summary.requests - summary.complete),
            "cancelled": .integer(Phrases.cancelled(summary)),
            "retries": retries(summary.retries),
            "warmup_attempts": .integer(summary.warmupAttempts),
            "window_start_ms": .rounded(summary.windowStart.map { ($0 - start).milliseconds }),
            "window_end_ms": .rounded(summary.windowEnd.map { ($0 - start).milliseconds }),
            "outcomes": .array(summary.outcomes.map(outcome)),
            "tokens": tokens(summary), "finish_reasons": .sorted(summary.finishReasons),
            "served_models": .sorted(summary.servedModels), "served_parts": .array(summary.parts.map(part)),
            "cost": cost(summary.cost), "keep_alives": keepAlives(summary.keepAlives), "relay": relay(summary.relay),
            "measurement_error": error(summary.error),
            "metrics": .array(summary.metrics.map(metric)), "warnings": .strings(summary.warnings),
        ]
    }

    private func retries(_ retries: RetrySummary) -> JSONValue {
        [
            "attempts": .integer(retries.attempts), "requests": .integer(retries.requests),
            "recovered": .integer(retries.recovered), "wait_ms": spread(retries.waits),
        ]
    }

    private func cost(_ cost: CostSummary?) -> JSONValue {
        guard let cost else { return .null }
        return [
            "total": .rounded(cost.total), "per_thousand_good": .rounded(cost.perThousandGood),
            "estimated_attempts": .integer(cost.estimated), "unknown_attempts": .integer(cost.unknown),
        ]
    }

    private func keepAlives(_ found: KeepAliveSummary) -> JSONValue {
        [
            "comments": .integer(found.comments), "streams_with_comments": .integer(found.streamsWithComments),
            "streams_with_ids": .integer(found.streamsWithIDs), "reconnect_after_ms": .rounded(found.reconnectAfter),
            "broken_streams": .integer(found.brokenStreams), "resumed_streams": .integer(found.resumedStreams),
            "repeated_events": .integer(found.repeatedEvents),
            "break_ms": spread(found.breaks),
        ]
    }

    private func relay(_ effect: RelayEffect?) -> JSONValue {
        guard let effect else { return .null }
        return [
            "relay_of": .string(effect.direct), "verdict": .string(effect.verdict.rawValue),
            "judged_pairs": .integer(effect.judged), "passed_through": .integer(effect.passedThrough),
            "coalesced": .integer(effect.coalesced), "buffered": .integer(effect.buffered),
            "compressed": .integer(effect.compressed),
            "direct_events_per_read": .rounded(effect.directEventsPerRead),
            "relayed_events_per_read": .rounded(effect.relayedEventsPerRead),
            "direct_end_share": .rounded(effect.directEndShare),
            "relayed_end_share": .rounded(effect.relayedEndShare),
            "headers": .object(effect.headers.map { JSONValue.Member($0.name, .string($0.value)) }),
            "remedies": .strings(effect.remedies),
        ]
    }

    private func server(_ activity: ServerActivity?) -> JSONValue {
        guard let activity else { return .null }
        let start = summary.run.started
        return [
            "url": .string(activity.plan.url), "gauges": .strings(activity.plan.gauges),
            "answers": .integer(activity.answers), "failures": .integer(activity.failures),
            "failure": .optional(activity.failure), "missing": .strings(activity.missing),
            "pace_ms": .rounded(activity.pace),
            "base": .rounded(activity.base), "most": .rounded(activity.most),
            "releases": .array(
                activity.releases.map {
                    [
                        "cancelled_ms": .rounded(($0.cancelled - start).milliseconds),
                        "shown": .bool($0.wasShown),
                        "free_after_ms_low": .rounded($0.freeAfter?.lowerBound),
                        "free_after_ms_high": .rounded($0.freeAfter?.upperBound),
                        "tokens_low": .rounded($0.tokens?.lowerBound), "tokens_high": .rounded($0.tokens?.upperBound),
                        "overlapped": .bool($0.hasOverlap),
                    ]
                }),
        ]
    }

    private func part(_ part: ServedPart) -> JSONValue {
        [
            "model": .optional(part.identity.model), "system_fingerprint": .optional(part.identity.fingerprint),
            "upstream_provider": .optional(part.identity.provider), "requests": .integer(part.summary.requests),
            "attempts": .integer(part.summary.attempts), "complete": .integer(part.summary.complete),
            "metrics": .array(part.summary.metrics.map(metric)),
        ]
    }

    private func outcome(_ count: OutcomeCount) -> JSONValue {
        [
            "outcome": .string(count.outcome.rawValue), "detail": .optional(count.detail),
            "count": .integer(count.count), "example": .optional(count.example),
        ]
    }

    private func tokens(_ summary: TargetSummary) -> JSONValue {
        let isExact = summary.requestedOutputTokens.map {
            if case .exactly = $0 { true } else { false }
        }
        return [
            "sources": .sorted(summary.tokenSources), "bases": .sorted(summary.tokenBases),
            "requested_output_tokens": .optional(summary.requestedOutputTokens?.tokens),
            "requested_exactly": isExact.map(JSONValue.bool) ?? .null,
            "mean_output_tokens": .rounded(summary.meanOutputTokens),
            "cached_input_share": .rounded(summary.cachedShare),
            "hidden_reasoning_streams": .integer(summary.hiddenReasoning),
        ]
    }

    private func error(_ error: MeasurementError) -> JSONValue {
        [
            "reading_lag_ms": spread(error.lag), "late_bound_ms": spread(error.lateBound),
            "queue_delay_ms": spread(error.queueDelay), "events_per_read": .rounded(error.eventsPerRead),
            "limited_figures": .strings(error.limitedFigures),
        ]
    }

    private func spread(_ spread: MeasurementError.Spread?) -> JSONValue {
        guard let spread else { return .null }
        return ["p50": .rounded(spread.p50), "p99": .rounded(spread.p99), "max": .rounded(spread.max)]
    }

    private func metric(_ summary: MetricSummary) -> JSONValue {
        [
            "name": .string(summary.metric.name), "title": .string(summary.metric.title),
            "unit": .string(summary.metric.unit.rawValue), "higher_is_better": .bool(summary.metric.isHigherBetter),
            "estimates": .array(summary.estimates.map(estimate)),
        ]
    }

    private func estimate(_ estimate: Estimate) -> JSONValue {
        [
            "stat": .string(estimate.statistic.rawValue), "value": .rounded(estimate.value),
            "ci_low": .rounded(estimate.interval?.lowerBound), "ci_high": .rounded(estimate.interval?.upperBound),
            "ci_level": estimate.interval == nil ? .null : .number(0.95), "n": .integer(estimate.count),
            "n_needed": .optional(estimate.countNeeded), "method": .string(estimate.method),
            "measurement_low": .rounded(estimate.measurementRange?.lowerBound),
            "measurement_high": .rounded(estimate.measurementRange?.upperBound),
        ]
    }
}
