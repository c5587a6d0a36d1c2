import Testing
import Timeline

@testable import Wire

/// A stream in a provider's format, and what it says, worked out by `Fixtures/expect_providers.py`.
struct ProviderStream: CustomTestStringConvertible {
    var file: String
    var api: String
    var eventCount: Int
    var commentCount: Int
    var contentCount: Int
    var texts: [StreamEvent.Kind: String]
    /// The server's count for each event.
    var tokens: [Int?]
    var finishReason: String?
    var usage: TokenUsage?
    var model: String?
    var identifier: String?
    var provider: String?
    var error: String?
    var hasEnd: Bool

    var testDescription: String { file }
    var isHealthy: Bool { error == nil }
    var isRefused: Bool { texts[.refusal]?.isEmpty == false || finishReason == "content_filter" }

    static let all: [ProviderStream] = {
        guard let bytes = try? Fixtures.bytes("provider-streams.json"), let rows = try? JSONValue(parsing: bytes) else {
            return []
        }
        return (rows.arrayValue ?? []).compactMap(ProviderStream.init)
    }()

    static let healthy = all.filter(\.isHealthy)

    init?(_ row: JSONValue) {
        guard let file = row["file"]?.stringValue, let api = row["api"]?.stringValue,
            let events = row["events"]?.integerValue, let comments = row["comments"]?.integerValue,
            let content = row["content"]?.integerValue, let tokens = row["tokens"]?.arrayValue
        else { return nil }
        self.file = file
        self.api = api
        eventCount = events
        commentCount = comments
        contentCount = content
        let kinds: [StreamEvent.Kind] = [.text, .reasoning, .tool, .refusal]
        texts = [:]
        for kind in kinds { texts[kind] = row["texts"]?[kind.rawValue]?.stringValue }
        self.tokens = tokens.map(\.integerValue)
        finishReason = row["finish"]?.stringValue
        if let counts = row["usage"], counts != .null {
            usage = TokenUsage(
                input: counts["input"]?.integerValue, output: counts["output"]?.integerValue,
                reasoning: counts["reasoning"]?.integerValue, cached: counts["cached"]?.integerValue)
        }
        model = row["model"]?.stringValue
        identifier = row["id"]?.stringValue
        provider = row["provider"]?.stringValue
        error = row["error"]?.stringValue
        hasEnd = row["ends"] == true
    }

    func capture() throws -> Capture { try Capture(named: file) }

    /// The body's events and comments, each with the blank line that ends it.
    func blocks() throws -> [String] {
        let text = String(decoding: try capture().body, as: UTF8.self)
        var blocks: [String] = []
        var rest = text[...]
        while let end = rest.firstRange(of: "\n\n") {
            blocks.append(String(rest[..<end.upperBound]))
            rest = rest[end.upperBound...]
        }
        return blocks
    }

    /// The stream with other blocks in place of its own.
    func capture(of blocks: some Sequence<String>) throws -> Capture {
        var capture = try capture()
        capture.body = Array(blocks.joined().utf8)
        return capture
    }

    func decoded(_ blocks: some Sequence<String>, end: TransportEnd = .clean) throws -> DecodedStream {
        try capture(of: blocks).decoded(as: api, end: end)
    }
}

extension DecodedStream {
    /// The texts of all kinds.
    var texts: [StreamEvent.Kind: String] {
        let kinds: [StreamEvent.Kind] = [.text, .reasoning, .tool, .refusal]
        return Dictionary(uniqueKeysWithValues: kinds.map { ($0, text($0)) })
    }
}
