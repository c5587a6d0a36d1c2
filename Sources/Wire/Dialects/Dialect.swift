package import Timeline

/// What a provider's API says and how it is asked: requests out, events in.
///
/// A dialect holds no state; what a stream has told so far stands in its `StreamReading`.
package protocol Dialect: Sendable {
    /// The name that scenarios use, such as `openai-chat`.
    var name: String { get }

    /// How the API divides a stream into events.
    var framing: WireFraming { get }

    /// Whether a stream of the API ends with its body alone, so that a finish reason and a clean end make it complete.
    var endsWithBody: Bool { get }

    /// Whether the API defines `[DONE]` as the end; elsewhere it says nothing where the API's own end was seen.
    var endsWithDone: Bool { get }

    /// Whether requests of the API can offer tools.
    var takesTools: Bool { get }

    /// Whether requests of the API can demand JSON by a schema.
    var takesSchema: Bool { get }

    /// How the names begin that the API gives to its server-sent events; empty where it names none.
    var eventNames: [StaticString] { get }

    /// What is appended to the target's base URL, such as `/chat/completions`.
    func path(for target: Target) -> String

    /// The same for an API that asks for a stream by the path, and not in the body.
    func path(for target: Target, streams: Bool) -> String

    /// Writes a request; the target's `body` and `headers` are merged last.
    func encode(_ prompt: Prompt, settings: RequestSettings, target: Target) -> EncodedRequest

    /// The header that carries the key.
    func authentication(key: String) -> HeaderField

    /// The same for an API that takes keys in another way at some of its places.
    func authentication(key: String, target: Target) -> HeaderField

    /// Reads one event of a stream, which has data and is no error by its name, and appends what it proves to the
    /// reading.
    func read(_ event: WireEvent, into reading: inout StreamReading)

    /// Reads the one JSON answer of a request that did not ask for a stream.
    func read(answer: JSONValue, into reading: inout StreamReading)
}

extension Dialect {
    package var framing: WireFraming { .serverSentEvents }
    package var endsWithBody: Bool { false }
    package var endsWithDone: Bool { false }
    package var takesTools: Bool { true }
    package var takesSchema: Bool { true }
    package var eventNames: [StaticString] { [] }

    package func path(for target: Target, streams: Bool) -> String { path(for: target) }

    package func authentication(key: String) -> HeaderField { HeaderField("Authorization", "Bearer \(key)") }

    package func authentication(key: String, target: Target) -> HeaderField { authentication(key: key) }

    /// The URL that requests to a target go to.
    ///
    /// A query in the base URL, such as an API version, follows the path.
    package func url(for target: Target, streams: Bool = true) -> String {
        let base = BaseURL(target.baseURL)
        let path = path(for: target, streams: streams)
        return base.text + path + (base.query.isEmpty ? "" : (path.contains("?") ? "&" : "?") + base.query)
    }

    /// The headers that say of which kinds a request's body and its answer are.
    func contentHeaders(_ settings: RequestSettings) -> [HeaderField] {
        [
            HeaderField("Content-Type", "application/json"),
            HeaderField("Accept", settings.stream ? framing.contentType : "application/json"),
        ]
    }
}
