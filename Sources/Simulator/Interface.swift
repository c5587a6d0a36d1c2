import Timeline

/// An API as a provider's server speaks it: its paths, what it reads in a request, how it writes answers and errors.
///
/// One API is one file and one line of `Interfaces.all`.
protocol Interface: Sendable {
    /// The name that scenarios use, such as `openai-chat`.
    var name: String { get }
    /// The paths at which requests for text arrive.
    var routes: [InterfaceRoute] { get }
    /// How a streamed answer delimits its events.
    var framing: EventFraming { get }
    /// Whether the API has a place for reasoning apart from the answer.
    var carriesReasoning: Bool { get }
    /// Whether a last token without text ends an answer, as a tokenizer's end marker.
    var endsWithSpecialToken: Bool { get }
    /// The header that carries the request's identifier back.
    var identifierHeader: String { get }

    /// Reads what a request asks for.
    func read(_ body: RequestBody, of call: InterfaceCall) throws(ServiceError) -> GenerationRequest

    /// Creates the writer of one answer.
    func writer(of plan: AnswerPlan) -> any AnswerWriter

    /// The body of an error in the API's own shape.
    func body(of error: ServiceError) -> JSONValue

    /// The headers that the API sends with an error.
    func headers(of error: ServiceError) -> [HeaderField]

    /// The header that says how long the server took up to the answer's head; nil where the API has none.
    func timingHeader(_ milliseconds: Int) -> HeaderField?
}

extension Interface {
    var framing: EventFraming { .serverSentEvents }
    var carriesReasoning: Bool { true }
    var endsWithSpecialToken: Bool { false }
    var identifierHeader: String { "x-request-id" }
    func headers(of error: ServiceError) -> [HeaderField] { [] }
    func timingHeader(_ milliseconds: Int) -> HeaderField? { nil }
}

/// A path that an API serves, such as `/v1beta/models/*:streamGenerateContent`, where `*` stands for a name.
struct InterfaceRoute: Sendable {
    let segments: [String]
    /// Whether the path itself says that the answer is a stream or that it is none; nil leaves that to the body.
    let streams: Bool?

    init(_ path: String, streams: Bool? = nil) {
        segments = path.split(separator: "/").map(String.init)
        self.streams = streams
    }

    /// The names that stand at the end of a path in the place of the stars; nil where the path does not end like this.
    ///
    /// The first segment, such as `v1`, may be dropped; the count says how many segments the route took.
    func captures(in path: [Substring], dropsVersion: Bool) -> (names: [Substring], count: Int)? {
        if let names = match(segments[...], path) { return (names, segments.count) }
        guard dropsVersion, segments.count > 1 else { return nil }
        return match(segments.dropFirst(), path).map { ($0, segments.count - 1) }
    }

    private func match(_ segments: ArraySlice<String>, _ path: [Substring]) -> [Substring]? {
        guard path.count >= segments.count else { return nil }
        var names: [Substring] = []
        for (segment, part) in zip(segments, path.suffix(segments.count)) {
            if segment == part { continue }
            guard segment.first == "*", part.hasSuffix(segment.dropFirst()), part.count >= segment.count else {
                return nil
            }
            names.append(part.dropLast(segment.count - 1))
        }
        return names
    }
}

/// What a request's path and query say.
struct InterfaceCall: Sendable {
    /// The names in the path, decoded.
    var names: [String]
    var streams: Bool?
    /// The query without its question mark.
    var query: String
    /// The target that the path means.
    var target: String
}
