import Testing
import Timeline

@testable import Wire

/// Every provider's stream, broken in every way: none of them may count as good, and none that is only odd as bad.
struct HostileStreamTests {
    /// Errors as each API tells them in a stream; all of them tell overload or a server's fault.
    static func errors(_ api: String) -> [String] {
        let common = [
            "data: {\"error\":{\"message\":\"boom\",\"type\":\"server_error\",\"code\":503}}\n\n",
            "event: error\ndata: {\"message\":\"boom\"}\n\n", "event: error\ndata: boom\n\n",
        ]
        switch api {
        case "openai-responses":
            return common + [
                "event: error\ndata: {\"type\":\"error\",\"code\":\"server_error\",\"message\":\"boom\",\"param\":null}\n\n",
                "data: {\"type\":\"error\",\"code\":null,\"message\":\"boom\"}\n\n",
                "data: {\"type\":\"response.failed\",\"response\":{\"status\":\"failed\",\"error\":{\"message\":\"boom\"}}}\n\n",
                "data: {\"type\":\"response.failed\",\"response\":{\"status\":\"failed\",\"error\":null}}\n\n",
                "data: {\"type\":\"response.cancelled\",\"response\":{\"status\":\"cancelled\"}}\n\n",
                "data: {\"type\":\"response.completed\",\"response\":{\"status\":\"failed\"}}\n\n",
            ]
        case "cohere":
            return common + [
                "data: {\"type\":\"message-end\",\"delta\":{\"finish_reason\":\"ERROR\",\"error\":\"boom\"}}\n\n",
                "data: {\"type\":\"message-end\",\"delta\":{\"finish_reason\":\"TIMEOUT\"}}\n\n",
            ]
        case "tgi":
            return common + ["data: {\"error\":\"boom\",\"error_type\":\"generation\"}\n\n"]
        case "llama-cpp":
            return common + ["error: {\"code\":500,\"message\":\"boom\",\"type\":\"server_error\"}\n\n"]
        default:
            return common + [
                "data: {\"error\":{\"object\":\"error\",\"message\":\"boom\",\"type\":\"Abort\",\"param\":null,\"code\":500}}\n\n",
                "data: {\"object\":\"error\",\"message\":\"boom\",\"type\":\"InternalServerError\",\"code\":500}\n\n",
                "data: {\"type\":\"error\",\"message\":\"boom\"}\n\n",
                "data: {\"error\":\"boom\",\"error_type\":\"generation\"}\n\n",
                "data: {\"id\":\"\",\"choices\":[],\"x_groq\":{\"id\":\"r\",\"error\":\"boom\"}}\n\n",
                "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\"},\"error\":{\"code\":502,\"message\":\"boom\"}}]}\n\n",
                "data: {\"error\":{\"code\":502,\"message\":\"boom\"},\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"error\"}]}\n\n",
                "data: {\"error\":{\"message\":\"boom\"},\"status_code\":503}\n\n",
            ]
        }
    }

    /// Whether a stream of the API can be complete before its end marker, since its finish reason comes earlier.
    static func finishesBeforeItsEnd(_ api: String) -> Bool {
        ["openai-chat", "azure-openai", "mistral"].contains(api)
    }

    @Test(arguments: ProviderStream.healthy)
    func `a stream cut off after any byte is not ok`(_ stream: ProviderStream) throws {
        let body = try stream.capture().body
        var classes: Set<OutcomeClass> = []
        // Long captures repeat one kind of event, so that every fifth byte meets all of its places.
        for length in stride(from: 0, to: body.count, by: body.count > 4000 ? 5 : 1) {
            var capture = try stream.capture()
            capture.body = Array(body[..<length])
            let outcome = try capture.decoded(as: stream.api).outcome
            classes.insert(outcome.outcomeClass)
            // The last event's line without the blank line after it is all that may lack where the end says it all.
            let mayBeComplete = Self.finishesBeforeItsEnd(stream.api) || length >= body.count - 2
            guard outcome.outcomeClass != .ok, mayBeComplete || outcome.outcomeClass == .truncated else {
                Issue.record("after \(length) of \(body.count) bytes: \(outcome)")
                return
            }
        }
        #expect(classes.subtracting([.truncated, .okSloppyEnd, .okRefused]) == [])
    }

    @Test(arguments: ProviderStream.healthy)
    func `a stream that is reset, cut short or given up anywhere gets its class`(_ stream: ProviderStream) throws {
        let blocks = try stream.blocks()
        let ends: [(TransportEnd, OutcomeClass)] = [
            (.broken(message: "m"), .transportError), (.cutShort(message: "m"), .truncated),
            (.malformedHTTP(message: "m"), .protocolError), (.timedOut(.stall), .timeoutStall),
            (.cancelled, .cancelled),
        ]
        for count in 1..<blocks.count {
            for (end, outcome) in ends {
                #expect(try stream.decoded(blocks[..<count], end: end).outcome.outcomeClass == outcome)
            }
        }
        for (end, _) in ends {
            let decoded = try stream.decoded(blocks, end: end)
            #expect(decoded.outcome.outcomeClass == (stream.isRefused ? .okRefused : .ok))
            #expect(decoded.warnings.isEmpty == false)
        }
    }

    @Test(arguments: ProviderStream.healthy)
    func `an error anywhere spoils a stream, whatever follows it`(_ stream: ProviderStream) throws {
        let blocks = try stream.blocks()
        for error in Self.errors(stream.api) {
            for place in 0..<blocks.count {
                let before = Array(blocks[..<place]) + [error]
                for after in [[], [blocks[blocks.count - 1]], Array(blocks[place...])] {
                    let decoded = try stream.decoded(before + after)
                    guard decoded.outcome.outcomeClass == .streamError, decoded.kinds.contains(.error) else {
                        Issue.record("\(error) at \(place), then \(after.count) more: \(decoded.outcome)")
                        return
                    }
                }
            }
        }
    }

    @Test(arguments: ProviderStream.healthy)
    func `invalid JSON anywhere spoils a stream, and the rest is read`(_ stream: ProviderStream) throws {
        let blocks = try stream.blocks()
        for place in 0..<blocks.count {
            for wrong in ["data: {\"choices\":[\n\n", "data: Internal Server Error\n\n", "data: {\"a\":1}}\n\n"] {
                let decoded = try stream.decoded(Array(blocks[..<place]) + [wrong] + Array(blocks[place...]))
                #expect(decoded.outcome.outcomeClass == .protocolError)
                #expect(decoded.outcome.detail == "invalid_json")
                #expect(decoded.contentCount == stream.contentCount)
            }
        }
    }

    @Test(arguments: ProviderStream.healthy)
    func `a stream whose finish reason is missing is not complete`(_ stream: ProviderStream) throws {
        let reason = try #require(stream.finishReason)
        let blocks = try stream.blocks().filter { !$0.contains("[DONE]") || Self.finishesBeforeItsEnd(stream.api) }
        switch stream.api {
        case "tgi", "llama-cpp", "openai-responses":
            // The end itself is the finish here.
            #expect(try stream.decoded(blocks.dropLast()).outcome.outcomeClass == .truncated)
        default:
            let without = blocks.map { block in
                guard let range = block.firstRange(of: "\"finish_reason\":\"\(reason)\"") else { return block }
                return block[..<range.lowerBound] + "\"finish_reason\":null" + block[range.upperBound...]
            }
            #expect(without != blocks)
            let outcome = try stream.decoded(without).outcome
            #expect(outcome.outcomeClass == .truncated)
            #expect(outcome.detail == "no_finish_reason")
        }
    }

    @Test(arguments: ProviderStream.healthy)
    func `a body that is no stream is none, whatever it holds`(_ stream: ProviderStream) throws {
        func outcome(_ capture: Capture) throws -> StreamOutcome { try capture.decoded(as: stream.api).outcome }
        let body = try stream.capture().body
        func capture(_ type: String, _ encoding: String? = nil) -> Capture {
            var capture = Capture(type: type, headers: encoding.map { [HeaderField("Content-Encoding", $0)] } ?? [], "")
            capture.body = body
            return capture
        }
        #expect(try outcome(capture("text/html")).detail == "content_type")
        #expect(try outcome(capture("application/x-ndjson")).detail == "content_type")
        #expect(try outcome(capture("application/json")).detail == "invalid_json")
        #expect(try outcome(capture("text/event-stream", "gzip")).detail == "content_encoding")
        #expect(try outcome(Capture(type: "text/html", "<html>log in</html>")).outcomeClass == .protocolError)
        #expect(try outcome(Capture("")).outcomeClass == .truncated)
        let error = "{\"error\":{\"message\":\"boom\",\"code\":429}}"
        #expect(try outcome(Capture(type: "application/json", error)).detail == "rate_limited")
        #expect(try outcome(Capture(status: 503, type: "application/json", error)).detail == "overloaded")
        #expect(try outcome(Capture(error)).outcomeClass == .streamError)
        #expect(try outcome(Capture(type: "application/json", "{\"id\":\"x\"}")).detail == "not_streamed")
        #expect(try outcome(Capture(status: 204, "")).outcomeClass == .protocolError)
    }

    @Test(arguments: ProviderStream.healthy)
    func `a stream that is only odd is as good as before`(_ stream: ProviderStream) throws {
        let blocks = try stream.blocks()
        let plain = try stream.decoded(blocks)
        func between(_ block: String) -> [String] { blocks.flatMap { [block, $0] } }
        let odd: [[String]] = [
            between(": keep-alive\n\n"), between(":\n\n"), between("\n"), between("data:\n\n"), between("retry: 10\n"),
            between("event: what.is.this\ndata: {\"type\":\"what.is.this\",\"weight\":1}\n\n"), between("data: {}\n\n"),
            between("data: []\n\n"), between("data: null\n\n"), between("id: 7\n"), ["\u{feff}"] + blocks,
            blocks.map { $0.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r\n") },
            blocks.map { $0.split(separator: "\n", omittingEmptySubsequences: false).joined(separator: "\r") },
            blocks.map { block in
                block.hasPrefix("data: ") ? "data:" + block.dropFirst("data: ".count) : block
            },
        ]
        for (number, blocks) in odd.enumerated() {
            let decoded = try stream.decoded(blocks)
            #expect(decoded.outcome == plain.outcome, "oddity \(number)")
            #expect(decoded.texts == plain.texts, "oddity \(number)")
            #expect(
                decoded.events.filter(\.kind.isContent).map(\.tokens)
                    == plain.events.filter(\.kind.isContent).map(\.tokens), "oddity \(number)")
            #expect(decoded.usage == plain.usage, "oddity \(number)")
        }
    }

    @Test(arguments: ProviderStream.healthy.filter { !finishesBeforeItsEnd($0.api) })
    func `an end marker that only other APIs define does no harm after the end`(_ stream: ProviderStream) throws {
        guard stream.api == "openai-responses" || stream.api == "cohere" else { return }
        let plain = try stream.decoded(stream.blocks())
        let decoded = try stream.decoded(stream.blocks() + ["data: [DONE]\n\n"])
        #expect(decoded.outcome == plain.outcome)
        #expect(decoded.warnings == plain.warnings)
        let alone = try stream.decoded(stream.blocks().dropLast() + ["data: [DONE]\n\n"])
        #expect(alone.outcome.outcomeClass == .truncated)
    }
}
