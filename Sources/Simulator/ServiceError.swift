import Timeline

/// An error as a provider's API reports it.
struct ServiceError: Error, Equatable, Sendable {
    var status: Int
    var message: String
    /// OpenAI's name of the kind of error.
    var openAIType: String
    var openAICode: String?
    /// Anthropic's name of the kind of error.
    var anthropicType: String
    var headers: [HeaderField] = []

    static func badRequest(_ message: String, status: Int = 400) -> ServiceError {
        ServiceError(
            status: status, message: message, openAIType: "invalid_request_error", openAICode: nil,
            anthropicType: "invalid_request_error")
    }

    static func notFound(_ message: String) -> ServiceError {
        ServiceError(
            status: 404, message: message, openAIType: "invalid_request_error", openAICode: "not_found",
            anthropicType: "not_found_error")
    }

    static let unauthorized = ServiceError(
        status: 401, message: "Incorrect API key provided.", openAIType: "invalid_request_error",
        openAICode: "invalid_api_key", anthropicType: "authentication_error")

    static let serverFailure = ServiceError(
        status: 500, message: "The server had an error while processing your request.", openAIType: "server_error",
        openAICode: nil, anthropicType: "api_error")

    static func rateLimited(_ interface: Interface) -> ServiceError {
        ServiceError(
            status: 429, message: "Rate limit reached for requests. Please try again in 1s.", openAIType: "requests",
            openAICode: "rate_limit_exceeded", anthropicType: "rate_limit_error",
            headers: [HeaderField("retry-after", "1")] + rateLimitHeaders(interface))
    }

    private static func rateLimitHeaders(_ interface: Interface) -> [HeaderField] {
        if interface == .anthropicMessages {
            return [
                HeaderField("anthropic-ratelimit-requests-limit", "50"),
                HeaderField("anthropic-ratelimit-requests-remaining", "0"),
                HeaderField("anthropic-ratelimit-requests-reset", "2026-01-01T00:00:01Z"),
            ]
        }
        return [
            HeaderField("x-ratelimit-limit-requests", "500"), HeaderField("x-ratelimit-remaining-requests", "0"),
            HeaderField("x-ratelimit-reset-requests", "1s"), HeaderField("x-ratelimit-limit-tokens", "30000"),
            HeaderField("x-ratelimit-remaining-tokens", "0"), HeaderField("x-ratelimit-reset-tokens", "1s"),
        ]
    }

    /// The error's body in an API's own shape; nil stands for a path of no API.
    func json(_ interface: Interface?) -> JSONValue {
        if interface == .anthropicMessages {
            return ["type": "error", "error": ["type": .string(anthropicType), "message": .string(message)]]
        }
        return [
            "error": [
                "message": .string(message), "type": .string(openAIType), "param": nil,
                "code": openAICode.map(JSONValue.string) ?? .null,
            ]
        ]
    }
}
