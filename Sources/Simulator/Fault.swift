/// How a simulated answer goes wrong; the names are those of `StreamScript.faults`.
enum Fault: String, CaseIterable, Sendable {
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

    static var allNames: String { allCases.map(\.rawValue).joined(separator: ", ") }
}
