import Statistics
import Timeline

/// A cell of an exported row.
package enum ExportValue: Sendable, Equatable {
    /// A measured number, such as milliseconds or a share.
    case number(Double)
    case integer(Int)
    case text(String)
    case flag(Bool)
}

/// What the tokens and gaps of one content event are, as exports print it beside the event.
package struct EventMetrics: Sendable, Equatable {
    /// The event's index in its record.
    package var eventIndex: Int
    package var tokens: Int
    /// The time since the read with content before, in milliseconds, on the first content event of its read.
    ///
    /// Nil on the others, on those of the first read, and where the record does not have every event.
    package var interChunkLatency: Double?
}

extension StreamMetrics {
    /// The computed columns of a row per request, in order; nil is an empty cell.
    package var exportColumns: [(name: String, value: ExportValue?)] {
        timeColumns + smoothnessColumns + tokenColumns + serverColumns + cancellationColumns + answerColumns
    }

    /// The names of `exportColumns`, which are the same for every stream.
    package static let exportColumnNames: [String] = StreamMetrics(
        StreamRecord(requestIndex: 0, target: "", planned: Instant(nanoseconds: 0))
    ).exportColumns.map(\.name)

    private var timeColumns: [(name: String, value: ExportValue?)] {
        let latencies = interTokenLatencies
        return [
            number("queue_delay_ms", queueDelay), number("ttfb_ms", timeToFirstByte),
            number("ttft_ms", timeToFirstToken),
            number("ttft_sched_ms", timeToFirstTokenScheduled), number("ttfat_ms", timeToFirstAnswerToken),
            number("think_ms", thinkTime), number("ttlt_ms", timeToLastToken), number("e2e_ms", endToEnd),
            number("tpot_ms", timePerOutputToken), number("itl_p50_ms", latencies.quantile(0.5)),
            number("itl_p99_ms", latencies.quantile(0.99)), number("icl_max_ms", gaps.map(\.length).max()),
            number("output_speed_tps", outputSpeed), number("e2e_speed_tps", endToEndSpeed),
        ]
    }

    private var smoothnessColumns: [(name: String, value: ExportValue?)] {
        [
            integer("stall_count", stallCount), number("stall_ms", stallTime), number("stutter_index", stutterIndex),
            number("flow_share", flowShare), number("burst_share", burstShare),
            number("fluidity_index", fluidityIndex), number("smooth_delay_ms", smoothDelay()),
            number("stream_gain", streamGain), number("reader_gain_ms", readerGain()),
        ]
    }

    private var serverColumns: [(name: String, value: ExportValue?)] {
        [
            number("server_ttft_ms", serverTimeToFirstToken), number("server_e2e_ms", serverEndToEnd),
            number("ttft_residual_ms", firstTokenResidual), number("e2e_residual_ms", endToEndResidual),
            number("headers_residual_ms", headersResidual),
        ]
    }

    private var answerColumns: [(name: String, value: ExportValue?)] {
        [
            integer("keep_alive_count", record.hasEveryEvent ? landmarks.commentCount : nil),
            number("reconnect_after_ms", record.reconnection?.retry?.milliseconds),
            integer("break_count", record.breaks.count),
            number("break_ms", record.breaks.compactMap { $0.length?.milliseconds }.reduce(nil) { ($0 ?? 0) + $1 }),
            number("first_sentence_ms", timeToFirstSentence), number("first_words_ms", timeToFirstWords),
            number("time_to_tokens_ms", answerValue(of: "time_to_tokens")),
            number("reading_end_ms", answerValue(of: "reading_end")),
            number("time_to_tool_ms", answerValue(of: "time_to_tool")),
            number("time_to_tool_name_ms", answerValue(of: "time_to_tool_name")),
            number("time_to_tool_call_ms", answerValue(of: "time_to_tool_call")),
            number("time_to_all_tool_calls_ms", answerValue(of: "time_to_all_tool_calls")),
            integer("tool_call_count", parts?.callCount),
            integer("complete_tool_call_count", parts?.callCount == nil ? nil : parts?.completeCallCount),
            number("time_to_first_field_ms", answerValue(of: "time_to_first_field")),
            number("time_to_valid_json_ms", answerValue(of: "time_to_valid_json")),
            ("time_to_fields_ms", fieldTimes.map { .text($0) }),
            ("json_valid", (parts?.isValidJSON).map { .flag($0) }),
        ]
    }

    /// The times of all fields in one cell, since no two runs have the same: a JSON object, to the nanosecond.
    private var fieldTimes: String? {
        guard let fields = parts?.fields, !fields.isEmpty else { return nil }
        let members = fields.compactMap { field in
            milliseconds(from: record.sent, to: field.event.arrival).map {
                JSONValue.Member(field.name, .number(($0 * 1e6).rounded() / 1e6))
            }
        }
        return JSONValue.object(members).text
    }

    private var cancellationColumns: [(name: String, value: ExportValue?)] {
        [
            number("cancel_time_ms", timeToCancellation), number("server_notice_ms", serverNotice),
            number("server_overrun_ms", serverOverrun),
            integer("overrun_tokens", record.cancellation?.aftermath?.tokens),
        ]
    }

    private var tokenColumns: [(name: String, value: ExportValue?)] {
        [
            integer("streamed_tokens", tokens.total),
            integer("tokenizer_input_tokens", record.counted?.input),
            integer("tokenizer_output_tokens", record.counted?.output),
            number("cost", cost?.amount),
            ("cost_estimated", cost.map { .flag(!$0.isTold) }),
            ("token_source", tokens.source.map { .text($0.rawValue) }),
            ("token_basis", tokens.basis.map { .text($0.rawValue) }),
            ("hidden_reasoning", .flag(tokens.hasHiddenReasoning)),
            integer("content_reads", record.hasEveryEvent ? reads.count : nil),
            ("slo_ok", meetsObjectives.map { .flag($0) }),
        ]
    }

    private func number(_ name: String, _ value: Double?) -> (name: String, value: ExportValue?) {
        (name, value.map { .number($0) })
    }

    private func integer(_ name: String, _ value: Int?) -> (name: String, value: ExportValue?) {
        (name, value.map { .integer($0) })
    }

    /// The tokens and gap of every content event, in the order of the stream.
    package var eventMetrics: [EventMetrics] {
        var metrics = zip(contentEvents, tokens.perEvent).map {
            EventMetrics(eventIndex: $0.index, tokens: $1, interChunkLatency: nil)
        }
        for (read, gap) in zip(reads.dropFirst(), gaps) {
            metrics[read.events.lowerBound].interChunkLatency = gap.length
        }
        return metrics
    }
}
