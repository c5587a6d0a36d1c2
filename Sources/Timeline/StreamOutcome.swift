/// How an attempt ended: one class for every attempt.
package enum OutcomeClass: String, Sendable, Codable, CaseIterable {
    case ok
    /// Finished without a single token.
    case okEmpty = "ok_empty"
    /// Finished with a refusal or a content filter.
    case okRefused = "ok_refused"
    /// A finish reason was seen and the connection closed cleanly, but the API's end marker is missing.
    case okSloppyEnd = "ok_sloppy_end"
    /// The status was not 2xx.
    case httpError = "http_error"
    /// An error inside a response with status 200.
    case streamError = "stream_error"
    /// The stream ended before its end marker.
    case truncated
    case transportError = "transport_error"
    case protocolError = "protocol_error"
    case timeoutConnect = "timeout_connect"
    case timeoutHeaders = "timeout_headers"
    case timeoutFirstToken = "timeout_first_token"
    case timeoutStall = "timeout_stall"
    case timeoutTotal = "timeout_total"
    case connectError = "connect_error"
    case cancelled

    /// Whether the stream is complete; only complete streams enter latency percentiles.
    package var isComplete: Bool {
        switch self {
        case .ok, .okEmpty, .okRefused, .okSloppyEnd: true
        default: false
        }
    }
}

/// The outcome of one attempt, with what was seen.
package struct StreamOutcome: Sendable, Equatable {
    package var outcomeClass: OutcomeClass
    /// A finer class, such as `auth`, `rate_limited`, `overloaded`, `content_type`, `invalid_json`.
    package var detail: String?
    /// What the server or the transport said, without secrets, for people.
    package var message: String?

    package init(_ outcomeClass: OutcomeClass, detail: String? = nil, message: String? = nil) {
        self.outcomeClass = outcomeClass
        self.detail = detail
        self.message = message
    }

    package var isComplete: Bool { outcomeClass.isComplete }
}

/// How the transfer itself ended, before anybody looked at what it carried.
package enum TransportEnd: Sendable, Equatable {
    package enum TimeoutKind: String, Sendable, CaseIterable {
        case connect, headers, firstToken, stall, total
    }

    /// The transport saw no fault; libcurl says so for some truncated streams too.
    case clean
    /// No connection came about.
    case connectFailed(message: String)
    /// TLS could not be agreed on or verified.
    case tlsFailed(message: String)
    /// The body ended before the length or the last chunk that HTTP promised.
    case cutShort(message: String)
    /// HTTP itself was broken: chunk sizes, header size, unknown encoding.
    case malformedHTTP(message: String)
    /// The connection was reset or failed in another way.
    case broken(message: String)
    case tooLarge(limit: Int)
    case timedOut(TimeoutKind)
    case cancelled
}

extension TransportEnd: CustomStringConvertible {
    package var description: String {
        switch self {
        case .clean: "it ended cleanly"
        case .connectFailed(let message), .tlsFailed(let message), .cutShort(let message), .malformedHTTP(let message),
            .broken(let message):
            message
        case .tooLarge(let limit): "more than \(limit) bytes"
        case .timedOut(let kind): "timeout (\(kind.rawValue))"
        case .cancelled: "it was cancelled"
        }
    }
}
