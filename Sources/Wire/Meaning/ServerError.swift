package import Timeline

/// An error as a server told it, in a response of its own or inside a stream.
package struct ServerError: Sendable, Equatable {
    /// What the server said, at most `messageLimit` characters of it.
    package var message: String
    /// `auth`, `invalid`, `rate_limited`, `overloaded`, `server` or `redirect`.
    package var detail: String

    package static let messageLimit = 500

    package init(message: String, detail: String) {
        self.message = Self.shortened(message)
        self.detail = detail
    }

    /// The error that a JSON value tells in any provider's shape; nil where it tells none.
    package init?(in value: JSONValue) {
        if let first = value.arrayValue?.first {
            self.init(in: first)
            return
        }
        let isMarked = value["object"]?.stringValue == "error" || value["type"]?.stringValue == "error"
        let places =
            [value["error"], value["x_groq"]?["error"]] + (value["choices"]?.arrayValue ?? []).map { $0["error"] }
        let told = places.lazy.compactMap { $0 }.first(where: Self.isTruthy)
        guard isMarked || told != nil else { return nil }
        self.init(object: told ?? value, beside: value)
    }

    /// The error that a JSON text tells where there should be a stream or an event.
    ///
    /// There a bare message is one too, as Cohere and AWS send it.
    init?(loose value: JSONValue) {
        if let error = Self(in: value) {
            self = error
            return
        }
        guard let message = value["message"]?.stringValue ?? value["Message"]?.stringValue else { return nil }
        self.init(message: message, detail: Self.detail(words: message.lowercased()))
    }

    /// The error that an object is by itself; nil where it has no message.
    private init?(bare value: JSONValue) {
        guard case .object = value, Self.message(in: value) != nil else { return nil }
        self.init(object: value, beside: value)
    }

    private init(object: JSONValue, beside outer: JSONValue) {
        let message = object.stringValue ?? Self.message(in: object) ?? object.text
        let names = [
            object["type"], object["code"], object["status"], object["status_code"], outer["error_type"], outer["code"],
            outer["status_code"],
        ]
        let status = names.lazy.compactMap { Self.status($0) }.first
        let words = names.compactMap { $0?.stringValue }.joined(separator: " ") + " " + (object.stringValue ?? "")
        self.init(message: message, detail: status.map(Self.detail(status:)) ?? Self.detail(words: words.lowercased()))
    }

    /// The error that an event's data tells in any provider's shape; nil where it tells none.
    init?(told data: UnsafeRawBufferPointer) {
        guard let value = try? JSONValue(parsing: Array(data)) else { return nil }
        self.init(in: value)
    }

    /// The error that an event is which has nothing of an answer, but a message of its own; nil where it has none.
    init?(bareIn data: UnsafeRawBufferPointer) {
        guard let value = try? JSONValue(parsing: Array(data)), case .object(let members) = value,
            members.allSatisfy({ Self.bareMembers.contains($0.name) })
        else { return nil }
        self.init(bare: value)
    }

    private static let bareMembers: Set<String> = ["message", "detail", "request_id", "requestId"]

    /// The error that an event without an answer tells in the words of a gateway or a cloud; nil where it tells none.
    ///
    /// Such as `{"errors":[…]}`, `{"error_code":336003,"error_msg":"…"}`, `{"code":500,"message":"…"}` and
    /// `{"base_resp":{"status_code":1004,"status_msg":"…"}}`.
    init?(foreign data: UnsafeRawBufferPointer) {
        guard let value = try? JSONValue(parsing: Array(data)) else { return nil }
        if let base = value["base_resp"], let code = base["status_code"], Self.isTruthy(code) {
            let message = base["status_msg"]?.stringValue ?? base.text
            self.init(message: message, detail: Self.detail(words: message.lowercased()))
            return
        }
        let told = value["errors"].flatMap { $0.arrayValue?.first ?? $0 }
        let words = ["error_msg", "error_message", "errorMessage"].lazy.compactMap { value[$0]?.stringValue }.first
        let codes = ["error_code", "errorCode", "code"].lazy.compactMap { value[$0] }.filter(Self.isTruthy)
        let isFailed = ["error", "failed", "failure"].contains(value["status"]?.stringValue?.lowercased())
        let isCoded = !codes.isEmpty && (words ?? Self.message(in: value)) != nil
        guard told.map(Self.isTruthy) ?? false || words != nil || isFailed || isCoded else { return nil }
        let message = words ?? told.map { $0.stringValue ?? Self.message(in: $0) ?? $0.text }
        let status = (codes + [value["status"], value["status_code"]].compactMap { $0 }).lazy
            .compactMap { Self.status($0) }.first
        self.init(
            message: message ?? Self.message(in: value) ?? value.text,
            detail: status.map(Self.detail(status:)) ?? Self.detail(words: value.text.lowercased()))
    }

    /// The error that an event tells which is one by its name, whatever its data is.
    init(data: UnsafeRawBufferPointer) {
        let value = try? JSONValue(parsing: Array(data))
        let text = String(decoding: data, as: UTF8.self)
        // There the object itself is the error, where no member of it is.
        self =
            value.flatMap { Self(in: $0) ?? Self(bare: $0) }
            ?? Self(message: text, detail: Self.detail(words: text.lowercased()))
    }

    /// The error that a response of a status other than 2xx tells in its body, whatever that is.
    package init(status: Int, body: [UInt8]) {
        let value = try? JSONValue(parsing: body)
        let told = value.flatMap { Self(in: $0)?.message ?? Self.message(in: $0) }
        let text = String(decoding: body.prefix(4 * Self.messageLimit), as: UTF8.self)
        let message = told ?? text.split(whereSeparator: \.isWhitespace).joined(separator: " ")
        self.init(message: message.isEmpty ? "HTTP \(status)" : message, detail: Self.detail(status: status))
    }

    static func shortened(_ message: String) -> String {
        message.count <= messageLimit ? message : String(message.prefix(messageLimit - 1)) + "…"
    }

    /// Whether Python would take the value for true, as the providers' own clients do.
    private static func isTruthy(_ value: JSONValue) -> Bool {
        switch value {
        case .null, .bool(false), .string(""), .integer(0), .array([]), .object([]): false
        default: true
        }
    }

    private static func message(in value: JSONValue) -> String? {
        if let text = value["message"]?.stringValue { return text }
        if let inner = value["message"] { return inner == .null ? nil : inner.text }
        guard let detail = value["detail"] else { return nil }
        return detail.stringValue ?? detail.arrayValue?.first?["msg"]?.stringValue ?? detail.text
    }

    private static func status(_ value: JSONValue?) -> Int? {
        let number = value?.integerValue ?? value?.stringValue.flatMap { Int($0) }
        return number.flatMap { (300...599).contains($0) ? $0 : nil }
    }

    /// The finer class of an HTTP status that is not 2xx.
    static func detail(status: Int) -> String {
        switch status {
        case 300...399: "redirect"
        case 401, 403: "auth"
        case 429: "rate_limited"
        case 503, 529: "overloaded"
        case 400...499: "invalid"
        default: "server"
        }
    }

    private static func detail(words: String) -> String {
        let classes: [(detail: String, words: [String])] = [
            ("auth", ["auth", "permission", "api_key", "forbidden"]),
            ("rate_limited", ["rate_limit", "ratelimit", "quota", "too_many", "too many"]),
            ("overloaded", ["overload", "unavailable", "capacity"]),
            ("invalid", ["invalid", "validation", "not_found", "too_large", "context", "badrequest", "bad_request"]),
        ]
        return classes.first { $0.words.contains { words.contains($0) } }?.detail ?? "server"
    }
}
