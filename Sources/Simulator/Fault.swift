/// How a simulated answer goes wrong, or is odd and yet well; the names are those of `StreamScript.faults`.
///
/// "Half-way" is after half of the tokens, rounded up.
enum Fault: String, CaseIterable, Sendable {
    // The faults of most use.

    /// Half of the tokens, then the connection ends inside the chunked body.
    case truncated
    /// Half of the tokens and half of an event, then the end of a body that only the connection's end delimits.
    ///
    /// HTTP sees nothing wrong with it: only the missing terminal event tells.
    case truncatedMidJSON = "truncated-mid-json"
    /// Half of the tokens, then a TCP reset.
    case reset
    /// Half of the tokens, then an error event and the end of the body.
    case errorEvent = "error-event"
    /// Half of the tokens, then an error event, the terminal event and the end of the body.
    case errorThenDone = "error-then-done"
    /// All tokens and the finish reason, then the end of the body without the terminal event.
    ///
    /// Where the finish reason's event is the terminal one, that is missing.
    case noDone = "no-done"
    case http401 = "http-401"
    case http429 = "http-429"
    case http500 = "http-500"
    /// Status 200 with a web page, as a proxy's login sends it.
    case html
    /// Half of the tokens, then silence until the client goes.
    case stall
    /// Comments in place of every token, until the client goes.
    case commentsForever = "comments-forever"
    /// A broken event among good ones, half-way; the stream then ends well.
    case invalidJSON = "invalid-json"

    // In place of an answer's head.

    case resetBeforeHeaders = "reset-before-headers"
    case closeBeforeHeaders = "close-before-headers"
    /// Every request but the first on a connection meets its end.
    case closeOnReuse = "close-on-reuse"
    case stallBeforeHeaders = "stall-before-headers"
    /// The body alone, as HTTP/0.9 had it.
    case noStatusLine = "no-status-line"
    /// A TLS alert where HTTP was expected.
    case tlsBytes = "tls-bytes"

    // In place of a stream.

    case http204 = "http-204"
    case http302 = "http-302"
    case http307 = "http-307"
    /// With `retry-after-ms`.
    case http503 = "http-503"
    /// Anthropic's status of an overloaded service.
    case http529 = "http-529"
    case http429Milliseconds = "http-429-ms"
    case http429Date = "http-429-date"
    case http429Float = "http-429-float"
    case http429Negative = "http-429-negative"
    /// A date in the year 9999.
    case http429Far = "http-429-far"
    /// With `x-should-retry: true`.
    case http429Retry = "http-429-retry"
    /// With `x-should-retry: false`.
    case http429NoRetry = "http-429-no-retry"
    case http429HTML = "http-429-html"
    /// Status 200 with an error's JSON.
    case jsonError = "json-error"
    /// The whole answer in one piece, although a stream was asked for.
    case notStreamed = "not-streamed"
    /// The head of a stream and no body.
    case emptyBody = "empty-body"

    // In a stream's head.

    /// A response of status 103 before the one that counts.
    case earlyHints = "early-hints"
    /// 400 KiB of headers.
    case hugeHeaders = "huge-headers"
    /// A good stream that is called plain text.
    case wrongContentType = "wrong-content-type"
    /// A good stream in gzip, whether asked for or not.
    case gzip
    /// Half of a stream in gzip, in a body that is chunked well.
    case gzipTruncated = "gzip-truncated"
    /// A good stream that is called compressed and is not.
    case unknownEncoding = "unknown-encoding"
    /// The same answer to every request, with the headers of a cache.
    case sameAnswer = "same-answer"

    // In the framing of the body.

    /// Half of the tokens, then the connection ends inside a chunk.
    case truncatedInChunk = "truncated-in-chunk"
    /// As `truncated`, in a body that is chunked and has a length too.
    case truncatedWithLength = "truncated-with-length"
    /// Half of the tokens of a body whose length promises all.
    case shortBody = "short-body"
    /// A body that goes on beyond its length, which ends inside the stream.
    case longBody = "long-body"
    /// A chunk whose size is no number, in one segment with a good one before it.
    case badChunkSize = "bad-chunk-size"
    /// A chunk whose size has more digits than any integer.
    case chunkSizeOverflow = "chunk-size-overflow"
    /// A chunk without the line end after its data.
    case chunkWithoutLineEnd = "chunk-without-crlf"
    /// Extensions on every chunk, and a trailer after the last one.
    case chunkExtensions = "chunk-extensions"
    /// A body that only the connection's end delimits, two seconds after the terminal event.
    case lateClose = "late-close"

    // In the order and number of events.

    /// The head and what comes before the tokens, then silence until the client goes.
    case stallBeforeToken = "stall-before-token"
    /// Half of the tokens, then comments until the client goes.
    case stallWithComments = "stall-with-comments"
    /// An error event before any token, then the end of the body.
    case errorFirst = "error-first"
    /// Half of the tokens, then an error as lines of bare JSON, as Google's servers send it.
    case bareJSONError = "bare-json-error"
    /// The terminal event without a finish reason before it.
    case noFinish = "no-finish"
    case finishTwice = "finish-twice"
    case doneTwice = "done-twice"
    case doneWithoutBlankLine = "done-without-blank-line"
    case contentAfterFinish = "content-after-finish"
    case contentAfterDone = "content-after-done"
    case usageBeforeFinish = "usage-before-finish"
    case usageTwice = "usage-twice"
    case noUsage = "no-usage"
    case usageZero = "usage-zero"
    /// A usage of twice as many tokens as were sent, and one more.
    case usageWrong = "usage-wrong"
    /// Every event of content twice, the second time for a choice of its own.
    case twoChoices = "two-choices"
    /// Chunks without a choice, without a delta, with null and with a number for content.
    case oddChoices = "odd-choices"
    /// An event of a type that no documentation has.
    case unknownEvent = "unknown-event"

    // In the bytes of events.

    case invalidUTF8 = "invalid-utf8"
    case nulInText = "nul-in-text"
    /// The two halves of a surrogate pair in two events.
    case splitSurrogates = "split-surrogates"
    /// Members that stand twice, numbers beyond every range, and a minus before zero.
    case oddJSON = "odd-json"
    /// Ten thousand arrays inside one another.
    case deepJSON = "deep-json"
    /// A line of 24 MiB.
    case hugeEvent = "huge-event"
    /// A byte order mark before the first event.
    case byteOrderMark = "bom"
    case carriageReturnLineFeed = "crlf"
    case carriageReturn = "cr"
    /// A frame whose checksum is wrong.
    case badChecksum = "bad-crc"
    /// A frame that says that it is shorter than any frame can be.
    case badFrameLength = "bad-frame-length"

    // In what leaves together.

    /// Every byte in a chunk and a send of its own.
    case byteByByte = "byte-by-byte"
    /// All events and the end in one send, as after a proxy that buffers.
    case oneSegment = "one-segment"
    /// Two events of content in every send.
    case twoPerSegment = "two-per-segment"

    static var allNames: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
