/// One attempt of one request, as it was planned and as it happened: facts only, no metric.
package struct StreamRecord: Sendable, Equatable {
    // Who and what.
    package var requestIndex: Int
    /// Counts from 1.
    package var attempt: Int
    /// The target's name.
    package var target: String
    package var phase: RequestPhase
    package var promptID: String
    /// The `X-Request-Id` that was sent.
    package var clientRequestID: String
    package var outputLength: OutputLength?
    /// The pair of a comparison that the request belongs to, from 0; nil for all other requests.
    package var pairIndex: Int?

    // The four instants, and those between them. Nil where it never came so far.
    /// When the request was due; a retry keeps that of its request.
    package var planned: Instant
    /// The pause before this attempt; nil for the first attempt at a request.
    package var retryWait: RetryWait?
    package var dispatched: Instant?
    /// Just before the first byte went to a socket: of the last send, where libcurl sent the request again.
    package var sent: Instant?
    /// The first byte of the response, its status line included.
    package var firstByte: Instant?
    /// The end of the final (not 1xx) response header block.
    package var headersComplete: Instant?
    /// The arrival of the event that the API defines as the end.
    package var terminal: Instant?
    /// When the transfer was over for the transport.
    package var closed: Instant?
    /// Nil unless the tool ended the attempt on purpose.
    package var cancellation: Cancellation?
    package var connection: ConnectionPhases
    /// How often the request was handed to a socket; more than 1 means that libcurl sent it again without being asked.
    package var sendCount: Int

    // HTTP.
    package var httpStatus: Int?
    package var httpVersion: String?
    /// The response headers worth keeping: ids, limits, server timings, caches.
    package var responseHeaders: [HeaderField]
    /// What the headers said of the server's limits; nil where they said nothing.
    package var rateLimits: RateLimits?

    // The stream.
    package var events: [StreamEvent]
    package var readCount: Int
    package var bytesReceived: Int

    // Its meaning.
    package var finishReason: String?
    package var usage: TokenUsage?
    package var servedModel: String?
    package var systemFingerprint: String?
    /// Who served the answer behind a router, by the router's word.
    package var upstreamProvider: String?
    package var responseID: String?
    /// What the server said of its own timing, as it said it.
    package var serverTimings: JSONValue?
    package var outcome: StreamOutcome
    /// Oddities that did not change the outcome, such as data after the end.
    package var warnings: [String]
    /// The response body, where the scenario asked for it to be kept.
    package var rawBody: [UInt8]?
    /// How the response body came, where it is kept; nil too in runs of versions that did not store it.
    package var bodyCapture: BodyCapture?
    /// What the stream said for a client that has to come back; nil where it said nothing.
    package var reconnection: ReconnectionHints?
    /// What the scenario's tokenizer counted; nil where there is none.
    package var counted: CountedTokens?
    /// Where the stream broke off and went on over a further connection, in order; all connections are this one record.
    package var breaks: [StreamBreak] = []
    /// When parts of the answer were complete; nil where nobody asked.
    package var answerMarks: AnswerMarks?
    /// False where only the first and the last content are known, as after an import of a summary; then gaps are not.
    package var hasEveryEvent: Bool

    package init(
        requestIndex: Int, attempt: Int = 1, target: String, phase: RequestPhase = .measured, promptID: String = "",
        clientRequestID: String = "", outputLength: OutputLength? = nil, planned: Instant, retryWait: RetryWait? = nil,
        dispatched: Instant? = nil, sent: Instant? = nil, firstByte: Instant? = nil, headersComplete: Instant? = nil,
        terminal: Instant? = nil,
        closed: Instant? = nil, connection: ConnectionPhases = ConnectionPhases(), sendCount: Int = 1,
        httpStatus: Int? = nil, httpVersion: String? = nil, responseHeaders: [HeaderField] = [],
        rateLimits: RateLimits? = nil, events: [StreamEvent] = [], readCount: Int = 0, bytesReceived: Int = 0,
        finishReason: String? = nil,
        usage: TokenUsage? = nil, servedModel: String? = nil, systemFingerprint: String? = nil,
        upstreamProvider: String? = nil, responseID: String? = nil, serverTimings: JSONValue? = nil,
        outcome: StreamOutcome = StreamOutcome(.ok), warnings: [String] = [], rawBody: [UInt8]? = nil,
        bodyCapture: BodyCapture? = nil, hasEveryEvent: Bool = true, pairIndex: Int? = nil,
        cancellation: Cancellation? = nil, answerMarks: AnswerMarks? = nil,
        reconnection: ReconnectionHints? = nil
    ) {
        self.requestIndex = requestIndex
        self.attempt = attempt
        self.target = target
        self.phase = phase
        self.promptID = promptID
        self.clientRequestID = clientRequestID
        self.outputLength = outputLength
        self.planned = planned
        self.retryWait = retryWait
        self.dispatched = dispatched
        self.sent = sent
        self.firstByte = firstByte
        self.headersComplete = headersComplete
        self.terminal = terminal
        self.closed = closed
        self.connection = connection
        self.sendCount = sendCount
        self.httpStatus = httpStatus
        self.httpVersion = httpVersion
        self.responseHeaders = responseHeaders
        self.rateLimits = rateLimits
        self.events = events
        self.readCount = readCount
        self.bytesReceived = bytesReceived
        self.finishReason = finishReason
        self.usage = usage
        self.servedModel = servedModel
        self.systemFingerprint = systemFingerprint
        self.upstreamProvider = upstreamProvider
        self.responseID = responseID
        self.serverTimings = serverTimings
        self.outcome = outcome
        self.warnings = warnings
        self.rawBody = rawBody
        self.bodyCapture = bodyCapture
        self.hasEveryEvent = hasEveryEvent
        self.pairIndex = pairIndex
        self.cancellation = cancellation
        self.answerMarks = answerMarks
        self.reconnection = reconnection
    }
}
