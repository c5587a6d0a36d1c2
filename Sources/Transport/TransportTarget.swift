import CCurl
import CTransport
package import Timeline

/// Where requests go and how, prepared before the clock starts so that dispatching copies nothing.
///
/// Immutable after creation and shared with the measuring thread; libcurl only reads what it points to.
package final class TransportTarget: @unchecked Sendable {
    package let url: String
    package let httpVersion: Target.HTTPVersion
    package let connections: Target.Connections
    package let certificateAuthorityFile: String?
    package let timeouts: Timeouts
    package let eventEnd: EventEnd
    /// The header lines that every request of the target shares; holds the API key, and nothing else does.
    let sharedHeaders: UnsafeMutablePointer<curl_slist>?

    package init(
        url: String, headers: [HeaderField], httpVersion: Target.HTTPVersion, connections: Target.Connections,
        certificateAuthorityFile: String?, timeouts: Timeouts, eventEnd: EventEnd = .blankLine
    ) {
        self.url = url
        self.httpVersion = httpVersion
        self.connections = connections
        self.certificateAuthorityFile = certificateAuthorityFile
        self.timeouts = timeouts
        self.eventEnd = eventEnd
        // An empty Expect keeps libcurl from waiting for "100 Continue" before a large body.
        var list = curl_slist_append(nil, "Expect:")
        for header in headers { list = curl_slist_append(list, "\(header.name): \(header.value)") }
        sharedHeaders = list
    }

    deinit { curl_slist_free_all(sharedHeaders) }

    /// Whether the connection is encrypted.
    package var isSecure: Bool { url.lowercased().hasPrefix("https:") }

    /// How the receive hook is to treat this target's sockets, for a clock that uses the kernel's stamps or does not.
    func socketMode(for source: ClockSource) -> Int32 {
        if isSecure { return Int32(CT_SOCKET_RECORDS) }
        if httpVersion == .two { return Int32(CT_SOCKET_FRAMES) }
        if source == .read { return Int32(CT_SOCKET_WHOLE) }
        return switch eventEnd {
        case .blankLine: Int32(CT_SOCKET_PLAIN)
        case .lineEnd: Int32(CT_SOCKET_LINES)
        case .length: Int32(CT_SOCKET_MESSAGES)
        }
    }
}

/// By what an event of a response ends, which the receive hook has to know to stamp each event apart.
///
/// It counts for HTTP/1.1 in the clear: over TLS a read is a record, and over HTTP/2 in the clear a frame, as servers make
/// them for each event.
package enum EventEnd: Sendable {
    /// As in server-sent events.
    case blankLine
    /// As in JSON lines.
    case lineEnd
    /// The event's first four bytes tell its length, as in AWS's event streams.
    case length
}

/// The bytes of a request's body, at an address that does not move while libcurl sends them.
package final class RequestBody: @unchecked Sendable {
    let bytes: UnsafeMutableBufferPointer<UInt8>

    package init(_ content: [UInt8]) {
        bytes = .allocate(capacity: content.count)
        _ = bytes.initialize(from: content)
    }

    deinit { bytes.deallocate() }

    /// In bytes.
    package var count: Int { bytes.count }
}

/// One request, ready to be sent.
package struct TransportRequest: Sendable {
    package var plan: PlannedRequest
    /// When it should be sent; in a closed loop, when its place became free.
    package var planned: Instant
    package var target: TransportTarget
    package var body: RequestBody
    /// Sent as `X-Request-Id`.
    package var clientRequestID: String
    /// Counts from 1.
    package var attempt: Int
    /// The pause before a further attempt.
    package var retryWait: RetryWait?
    /// Headers of this request alone, such as a signature.
    package var headers: [HeaderField]
    /// Whether somebody reads the log while the stream comes, and is told each time that there is more.
    package var isFollowed: Bool
    /// When the stream began that this request is to go on with; nil where it begins one.
    package var begun: Instant?

    /// No request is tried so often, so that a token tells its attempts apart.
    package static let attemptLimit = 64

    package init(
        plan: PlannedRequest, planned: Instant, target: TransportTarget, body: RequestBody, clientRequestID: String,
        attempt: Int = 1, retryWait: RetryWait? = nil, headers: [HeaderField] = [],
        isFollowed: Bool = false, begun: Instant? = nil
    ) {
        self.plan = plan
        self.planned = planned
        self.target = target
        self.body = body
        self.clientRequestID = clientRequestID
        self.attempt = attempt
        self.retryWait = retryWait
        self.headers = headers
        self.isFollowed = isFollowed
        self.begun = begun
    }

    /// Names the attempt among those in flight, and those that have ended since.
    package var token: Int { plan.index * Self.attemptLimit + attempt - 1 }
}
