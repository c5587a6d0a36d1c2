import Timeline

@testable import Wire

/// A response as it was captured from a real server, or written by hand.
struct Capture {
    var status = 200
    var headers = [HeaderField("Content-Type", "text/event-stream")]
    var body: [UInt8] = []

    init(status: Int = 200, type: String = "text/event-stream", headers: [HeaderField] = [], _ body: String) {
        self.status = status
        self.headers = [HeaderField("Content-Type", type)] + headers
        self.body = Array(body.utf8)
    }

    /// Reads a file with a status line, headers and a body.
    init(named name: String) throws {
        let bytes = try Fixtures.bytes("streams/\(name).http")
        var lines: [String] = []
        var start = 0
        while let end = bytes[start...].firstIndex(of: 0x0a) {
            let line = String(decoding: bytes[start..<end].filter { $0 != 0x0d }, as: UTF8.self)
            start = end + 1
            if line.isEmpty { break }
            lines.append(line)
        }
        status = Int(lines[0].split(separator: " ")[1]) ?? 0
        headers = lines.dropFirst().map { line in
            let parts = line.split(separator: ":", maxSplits: 1)
            return HeaderField(String(parts[0]), String(parts[1].drop { $0 == " " }))
        }
        body = Array(bytes[start...])
    }

    /// Decodes the response from reads that end at the given offsets.
    func decoded(
        as api: String = "openai-chat", cuts: [Int] = [], end: TransportEnd = .clean, expectsStream: Bool = true
    ) throws -> DecodedStream {
        guard let dialect = Dialects.named(api) else { throw UnknownDialect() }
        var decoder = StreamDecoder(
            dialect: dialect, status: status, headers: headers, expectsStream: expectsStream, keepsText: true)
        var start = 0
        for (index, cut) in (cuts.filter { $0 > 0 && $0 < body.count } + [body.count]).enumerated() {
            body[start..<cut].withUnsafeBytes { decoder.receive($0, readIndex: index) }
            start = cut
        }
        return decoder.finish(end)
    }

    struct UnknownDialect: Error {}
}

extension DecodedStream {
    /// The content text of one answer.
    func text(_ kind: StreamEvent.Kind = .text, choice: Int = 0) -> String {
        events.filter { $0.kind == kind && $0.choice == choice }.compactMap(\.text).joined()
    }

    var kinds: [StreamEvent.Kind] { events.map(\.kind) }
    var contentCount: Int { events.filter(\.kind.isContent).count }
}
