import Timeline

/// What is known of an attempt that was cancelled on purpose; nil for every other one.
extension StreamMetrics {
    package var timeToCancellation: Double? { milliseconds(from: record.sent, to: record.cancellation?.instant) }

    package var serverNotice: Double? {
        milliseconds(from: record.cancellation?.instant, to: record.cancellation?.aftermath?.noticed)
    }

    package var serverOverrun: Double? {
        milliseconds(from: record.cancellation?.instant, to: record.cancellation?.aftermath?.stopped)
    }

    func cancellationValue(of metric: String) -> Double? {
        guard let cancellation = record.cancellation else { return nil }
        return switch metric {
        case "cancel_ttft": timeToFirstToken
        case "cancel_time": timeToCancellation
        case "cancel_tokens": Double(tokens.total ?? 0)
        case "server_notice": serverNotice
        case "server_overrun": serverOverrun
        case "overrun_tokens": cancellation.aftermath.map { Double($0.tokens) }
        default: nil
        }
    }
}
