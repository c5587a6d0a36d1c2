import Timeline

/// An error of the service, before an API puts it into its own words.
struct ServiceError: Error, Equatable, Sendable {
    enum Kind: Sendable {
        case invalidRequest, notFound, unauthorized, rateLimited, overloaded, unavailable, serverFailure
    }

    var kind: Kind
    var status: Int
    var message: String
    var headers: [HeaderField] = []

    static func badRequest(_ message: String, status: Int = 400) -> ServiceError {
        ServiceError(kind: .invalidRequest, status: status, message: message)
    }

    static func notFound(_ message: String) -> ServiceError {
        ServiceError(kind: .notFound, status: 404, message: message)
    }

    static let unauthorized = ServiceError(
        kind: .unauthorized, status: 401, message: "Incorrect API key provided.")

    static let serverFailure = ServiceError(
        kind: .serverFailure, status: 500, message: "The server had an error while processing your request.")

    static let overloaded = ServiceError(kind: .overloaded, status: 529, message: "Overloaded")

    static let unavailable = ServiceError(
        kind: .unavailable, status: 503, message: "The engine is currently overloaded, please try again later.")

    static let rateLimited = ServiceError(
        kind: .rateLimited, status: 429, message: "Rate limit reached for requests. Please try again in 1s.")

    /// The error as OpenAI's APIs report it, and as paths of no API do.
    var openAIBody: JSONValue {
        [
            "error": [
                "message": .string(message), "type": .string(openAIType), "param": nil,
                "code": openAICode.map(JSONValue.string) ?? .null,
            ]
        ]
    }

    private var openAIType: String {
        switch kind {
        case .invalidRequest, .notFound, .unauthorized: "invalid_request_error"
        case .rateLimited: "requests"
        case .overloaded, .unavailable, .serverFailure: "server_error"
        }
    }

    var openAICode: String? {
        switch kind {
        case .invalidRequest, .overloaded, .unavailable, .serverFailure: nil
        case .notFound: "not_found"
        case .unauthorized: "invalid_api_key"
        case .rateLimited: "rate_limit_exceeded"
        }
    }

    /// The limits as OpenAI's servers report them beside an error.
    var openAIHeaders: [HeaderField] {
        guard kind == .rateLimited else { return [] }
        return [
            HeaderField("x-ratelimit-limit-requests", "500"), HeaderField("x-ratelimit-remaining-requests", "0"),
            HeaderField("x-ratelimit-reset-requests", "1s"), HeaderField("x-ratelimit-limit-tokens", "30000"),
            HeaderField("x-ratelimit-remaining-tokens", "0"), HeaderField("x-ratelimit-reset-tokens", "1s"),
        ]
    }
}
