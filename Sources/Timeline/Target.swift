/// A server, an API and a model that requests go to.
package struct Target: Sendable, Equatable, Codable {
    package enum HTTPVersion: String, Sendable, Codable, CaseIterable {
        case one = "1.1"
        case two = "2"
    }

    package enum Connections: String, Sendable, Codable, CaseIterable {
        /// Keep connections open and use them again.
        case reuse
        /// Open a new connection for every request.
        case fresh
    }

    /// Where a secret is to be read from; the secret itself is never part of a target.
    package enum KeySource: Sendable, Equatable, Codable {
        case environment(String)
        case file(String)
    }

    package var name: String
    /// The wire dialect as scenarios name it, such as `openai-chat`.
    package var api: String
    package var model: String
    /// The URL that the API's paths are appended to, without a trailing slash and without secrets.
    package var baseURL: String
    package var key: KeySource?
    /// What signs the requests in place of a key; nil where they are not signed.
    package var awsAccess: AWSAccess?
    package var headers: [HeaderField]
    /// Members merged into every request body; an object or nil.
    package var body: JSONValue?
    package var httpVersion: HTTPVersion
    package var connections: Connections
    /// A file with certificates to trust in place of the system's; nil means the system's.
    package var certificateAuthorityFile: String?
    /// What the embedded simulator plays for this target; nil for a real server.
    package var simulation: StreamScript?
    /// Whether its answers are to be streamed; nil is as the scenario's requests say.
    package var streams: Bool?
    /// The target whose streamed answers its whole ones are compared with, request by request; nil for all others.
    package var wholeOf: String?
    /// The target that it is another path to, through a relay or a proxy; nil for all others.
    package var relayOf: String?
    /// No more connections at a time than these, each with one request, as browsers have it; nil is as many as needed.
    package var maxConnections: Int?
    /// Whether a stream that broke off is asked for again from its last event on.
    package var reconnects: Bool
    /// What its tokens cost; nil where nobody said.
    package var price: TokenPrice?

    package init(
        name: String, api: String, model: String, baseURL: String, key: KeySource? = nil,
        awsAccess: AWSAccess? = nil, headers: [HeaderField] = [], body: JSONValue? = nil,
        httpVersion: HTTPVersion = .one, connections: Connections = .reuse,
        certificateAuthorityFile: String? = nil, simulation: StreamScript? = nil, streams: Bool? = nil,
        wholeOf: String? = nil, relayOf: String? = nil, maxConnections: Int? = nil,
        reconnects: Bool = false, price: TokenPrice? = nil
    ) {
        self.name = name
        self.api = api
        self.model = model
        self.baseURL = baseURL
        self.key = key
        self.awsAccess = awsAccess
        self.headers = headers
        self.body = body
        self.httpVersion = httpVersion
        self.connections = connections
        self.certificateAuthorityFile = certificateAuthorityFile
        self.simulation = simulation
        self.streams = streams
        self.wholeOf = wholeOf
        self.relayOf = relayOf
        self.maxConnections = maxConnections
        self.reconnects = reconnects
        self.price = price
    }
}

/// One HTTP header line; names compare without regard to case.
package struct HeaderField: Sendable, Equatable, Codable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}
