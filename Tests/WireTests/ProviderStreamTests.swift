import Testing
import Timeline

@testable import Wire

struct ProviderStreamTests {
    @Test func `every dialect has a stream that is well and one that is not`() {
        let others = ["openai-completions", "anthropic"]
        for api in Dialects.names where !others.contains(api) && Self.apis.contains(api) {
            #expect(ProviderStream.all.contains { $0.api == api && $0.isHealthy })
        }
        #expect(ProviderStream.all.count == 33)
    }

    static let apis = [
        "openai-chat", "openai-responses", "azure-openai", "mistral", "cohere", "tgi", "llama-cpp",
    ]

    @Test(arguments: ProviderStream.all)
    func `a provider's stream says what its file says`(_ expected: ProviderStream) throws {
        let capture = try expected.capture()
        let stream = try capture.decoded(as: expected.api)
        let wireEvents = stream.events.filter { $0.wireBytes > 0 && $0.kind != .comment }
        #expect(wireEvents.count == expected.eventCount)
        #expect(stream.kinds.filter { $0 == .comment }.count == expected.commentCount)
        #expect(stream.contentCount == expected.contentCount)
        #expect(stream.texts == expected.texts)
        for (kind, text) in expected.texts {
            #expect(Array(stream.text(kind).utf8) == Array(text.utf8))
            let events = stream.events.filter { $0.kind == kind }
            #expect(events.reduce(0) { $0 + $1.characters } == text.unicodeScalars.count)
            #expect(events.reduce(0) { $0 + $1.contentBytes } == text.utf8.count)
        }
        #expect(wireEvents.map(\.tokens) == expected.tokens)
        #expect(stream.finishReason == expected.finishReason)
        #expect(stream.usage == expected.usage)
        #expect(stream.servedModel == expected.model)
        #expect(stream.responseID == expected.identifier)
        #expect(stream.upstreamProvider == expected.provider)
        #expect((stream.terminalEvent != nil) == expected.hasEnd)
        #expect(stream.events.reduce(0) { $0 + $1.wireBytes } == capture.body.count - expected.commentCount)
    }

    @Test(arguments: ProviderStream.all)
    func `a provider's stream gets its class`(_ expected: ProviderStream) throws {
        let stream = try expected.capture().decoded(as: expected.api)
        if let error = expected.error {
            #expect(stream.outcome.outcomeClass == .streamError)
            #expect(stream.outcome.message == error)
            #expect(stream.kinds.contains(.error))
        } else {
            #expect(stream.outcome.outcomeClass == (expected.isRefused ? .okRefused : .ok))
            #expect(stream.terminalEvent == stream.events.count - 1)
            #expect(stream.warnings.count == (expected.file == "responses-summary" ? 1 : 0), "\(stream.warnings)")
        }
    }

    @Test(arguments: ProviderStream.all)
    func `a provider's stream says the same, cut at every byte and byte by byte`(_ expected: ProviderStream) throws {
        let capture = try expected.capture()
        let whole = try capture.decoded(as: expected.api)
        var byteByByte = try capture.decoded(as: expected.api, cuts: Array(capture.body.indices))
        // Where every read is one byte, a read's index is the offset of that byte.
        let offsets = byteByByte.events.map(\.readIndex)
        for index in byteByByte.events.indices { byteByByte.events[index].readIndex = 0 }
        #expect(byteByByte == whole)
        for cut in 1..<capture.body.count {
            var stream = try capture.decoded(as: expected.api, cuts: [cut])
            guard stream.events.map(\.readIndex) == offsets.map({ $0 < cut ? 0 : 1 }) else {
                Issue.record("cut at \(cut): wrong reads")
                return
            }
            for index in stream.events.indices { stream.events[index].readIndex = 0 }
            guard stream == whole else {
                Issue.record("cut at \(cut): \(stream) is not \(whole)")
                return
            }
        }
    }

    @Test(arguments: [
        ("chat-groq", "x_groq"), ("chat-cerebras", "time_info"), ("chat-vllm", "metrics"), ("native-text", "timings"),
        ("llama-native", "timings"), ("llama-responses", "timings"),
    ])
    func `what a server says of its own timing is kept`(_ file: String, _ name: String) throws {
        let expected = try #require(ProviderStream.all.first { $0.file == file })
        let stream = try expected.capture().decoded(as: expected.api)
        let timings = try #require(stream.serverTimings)
        guard case .object(let members) = timings else {
            Issue.record("\(timings) is no object")
            return
        }
        #expect(members.map(\.name) == [name])
        // The last event that has such a member says the final figures.
        let last = try #require(
            try expected.blocks().compactMap { block in
                block.split(separator: "\n").last { $0.hasPrefix("data: {") }
                    .flatMap { try? JSONValue(parsing: Array($0.dropFirst(6).utf8)) }?[name]
            }.last)
        #expect(timings[name] == last)
    }

    @Test(arguments: [
        ("chat-openrouter", ["X-Generation-Id", "CF-RAY"]), ("chat-groq", ["X-Groq-Region", "X-Request-Id"]),
        ("azure-filter", ["apim-request-id", "x-ms-region", "x-envoy-upstream-service-time"]),
        ("mistral-thinking", ["mistral-correlation-id"]), ("responses-text", ["openai-processing-ms", "x-request-id"]),
        ("tgi-text", ["x-compute-type", "x-accel-buffering"]),
    ])
    func `a provider's ids and timings in headers are kept`(_ file: String, _ names: [String]) throws {
        let expected = try #require(ProviderStream.all.first { $0.file == file })
        let stream = try expected.capture().decoded(as: expected.api)
        #expect(stream.keptHeaders.map(\.name) == ["Content-Type"] + names)
    }
}
