import Testing
import Timeline

@testable import Wire

/// Captures as people make them: with and without a head, chunked and not, whole and cut off.
@Suite struct CapturedResponseTests {
    private static let head = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n"

    private func response(_ text: String) throws -> CapturedResponse { try CapturedResponse(Array(text.utf8)) }

    @Test func `a status line, headers and a body are told apart, whichever line ends they have`() throws {
        for lineEnd in ["\r\n", "\n"] {
            let text = ["HTTP/2 429 ", "Retry-After:  7", "X:", "", "data: a\n\n"].joined(separator: lineEnd)
            let response = try response(text)
            #expect(response.status == 429)
            #expect(response.headers == [HeaderField("Retry-After", "7"), HeaderField("X", "")])
            #expect(response.body == Array("data: a\n\n".utf8) && response.end == .clean)
        }
    }

    @Test func `interim responses are passed over`() throws {
        let response = try response(
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Hints\r\nLink: x\r\n\r\n\(Self.head)\r\nbody")
        #expect(response.status == 200 && response.headers.count == 1)
        #expect(response.body == Array("body".utf8))
    }

    @Test(arguments: 1...20 as ClosedRange<UInt64>)
    func `chunks of any size are taken apart, extensions and trailers with them`(_ seed: UInt64) throws {
        let body = (try Capture(named: "llama-chat-emoji")).body
        var generator = SeededGenerator(seed: seed)
        var chunked: [UInt8] = []
        var rest = body[...]
        while !rest.isEmpty {
            let piece = rest.prefix(Int(generator.next() % 700) + 1)
            rest = rest.dropFirst(piece.count)
            let size = String(piece.count, radix: 16, uppercase: generator.next() % 2 == 0)
            chunked +=
                Array("\(size)\(generator.next() % 4 == 0 ? ";name=value" : "")\r\n".utf8) + piece + [0x0d, 0x0a]
        }
        chunked += Array("0\r\nX-Trailer: late\r\n\r\n".utf8)
        let head = Array("\(Self.head)transfer-encoding: Chunked\r\n\r\n".utf8)
        let whole = try CapturedResponse(head + chunked)
        #expect(whole.body == body && whole.end == .clean)
        // The same, captured by something that had taken the chunks apart, and cut off within the last chunk.
        #expect(try CapturedResponse(head + body).body == body)
        let cut = try CapturedResponse(head + chunked.dropLast(35))
        #expect(body.starts(with: cut.body) && cut.body.count < body.count)
        guard case .cutShort = cut.end else { return #expect(cut.end == .cutShort(message: "")) }
    }

    @Test func `a body that is shorter than its length was cut short, and what follows a longer one is none of it`()
        throws
    {
        let head = Self.head + "Content-Length: 4\r\n\r\n"
        #expect(try response(head + "abc").end == .cutShort(message: "1 of 4 bytes are missing"))
        #expect(try response(head + "abcd\n").body == Array("abcd".utf8))
        #expect(try response(head + "abcd\n").end == .clean)
    }

    @Test func `a broken chunk ends the body where it breaks`() throws {
        let head = Self.head + "Transfer-Encoding: chunked\r\n\r\n"
        let noSize = try response(head + "3\r\nabc\r\nxyz\r\n")
        #expect(noSize.body == Array("abc".utf8))
        #expect(noSize.end == .malformedHTTP(message: "no chunk size at byte 8"))
        let noLineEnd = try response(head + "3\r\nabcdef\r\n")
        #expect(noLineEnd.end == .malformedHTTP(message: "no line end follows the chunk that ends at byte 6"))
        #expect(try response(head + "3\r\nabc\r\n").end == .cutShort(message: "the last chunk is missing"))
    }

    @Test(arguments: [
        ("HTTP/1.1 abc\r\n\r\n", 1), ("HTTP/1.1\r\n\r\n", 1), ("nothing", 1), ("", 1),
        ("HTTP/1.1 200 OK\r\nno header\r\n\r\n", 2), ("HTTP/1.1 200 OK\r\nA: b\r\n", 2),
        ("HTTP/1.1 100 Continue\r\n\r\ndata: x\n\n", 3),
    ])
    func `a head that is none is refused with its line`(_ text: String, _ line: Int) {
        #expect { try response(text) } throws: { ($0 as? CapturedResponse.Malformed)?.line == line }
    }

    @Test func `a bare body that is chunked is refused, and one that only looks a little like it is not`() throws {
        #expect(throws: CapturedResponse.Malformed.self) {
            try CapturedResponse(body: Array("8\r\ndata: a\n\r\n0\r\n\r\n".utf8))
        }
        for text in ["data: a\n\n", "abc\r\nshort", "{}", ""] {
            #expect(try CapturedResponse(body: Array(text.utf8)).body == Array(text.utf8))
        }
    }
}

/// What stood on the wire, beside what it was decoded to.
@Suite struct WireItemTests {
    @Test func `every item is kept with the events that it became`() throws {
        let body = """
            : wait
            data: {"choices":[{"index":0,"delta":{"content":"a"}},{"index":1,"delta":{"content":"b"}}]}

            no field
            event: note
            id: 7
            data: {}

            data: {"cho
            """
        let dialect = try #require(Dialects.named("openai-chat"))
        var decoder = StreamDecoder(
            dialect: dialect, status: 200, headers: [HeaderField("Content-Type", "text/event-stream")],
            expectsStream: true, keepsText: true, keepsItems: true)
        for (index, byte) in body.utf8.enumerated() {
            withUnsafeBytes(of: byte) { decoder.receive($0, readIndex: index) }
        }
        let decoded = decoder.finish(.clean)
        #expect(
            decoded.items.map(\.kind) == [
                .comment, .event(type: "message", identifier: ""), .ignoredLine, .event(type: "note", identifier: "7"),
                .unfinished,
            ])
        #expect(decoded.items.map(\.events) == [0..<1, 1..<3, 3..<3, 3..<4, 4..<4])
        #expect(decoded.items.map { String(decoding: $0.data, as: UTF8.self) }[2...] == ["no field", "{}", "{\"cho"])
        // Reads are single bytes: each item stands in the read of the line end that completed it.
        let ends = body.utf8.enumerated().filter { $0.element == 0x0a }.map(\.offset)
        #expect(decoded.items.map(\.readIndex) == [ends[0], ends[2], ends[3], ends[7], body.utf8.count - 1])
        #expect(decoded.events.map(\.kind) == [.comment, .text, .text, .control])
    }

    @Test func `nothing is kept where nobody asked`() throws {
        #expect(try Capture(named: "llama-chat").decoded().items.isEmpty)
    }
}
