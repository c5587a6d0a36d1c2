import Foundation
import Testing
import Timeline

@testable import Wire

/// Generated streams against a second parser, in another language, written from the text of the standard.
struct SSEStandardTests {
    private static let pieces: [[UInt8]] =
        [
            "\r", "\n", "\r\n", "\n\n", "\r\r", ":", ": ", " ", "  ", "\t", "\u{feff}", "\0", "data", "data:", "data: ",
            "data:  x", "event: e", "event:", "id: 7", "id", "id: a\0b", "retry: 12", "retry:1x", "Data: ", "datax:",
            "dat: ", "{\"a\":1}", "[DONE]", "é", "日本", "🚀", "e\u{301}", "\u{301}", "\u{2028}", "\u{85}", "a",
        ].map { Array($0.utf8) } + [
            [0xff], [0xc3], [0xe2, 0x82], [0xf0, 0x9f], [0xf0, 0x9f, 0x9a], [0x80], [0xed, 0xa0, 0x80], [0xc0, 0xaf],
            [0xf4, 0x90, 0x80, 0x80], [0xef, 0xbb], [0xef], [0xe0, 0x80],
        ]

    private static func stream(_ generator: inout SeededGenerator) -> [UInt8] {
        var stream: [UInt8] = []
        for _ in 0..<Int.random(in: 0...30, using: &generator) {
            stream += pieces.randomElement(using: &generator) ?? []
            if Int.random(in: 0..<2, using: &generator) == 0 { stream.append(0x0a) }
            if Int.random(in: 0..<8, using: &generator) == 0 { stream += Array("data: x\n\n".utf8) }
        }
        return stream
    }

    private struct Reference: Decodable {
        var events: [[String]]
        /// As a decimal number, since it may exceed 64 bits.
        var retry: Decimal?
    }

    /// Runs the second parser over all streams at once.
    private static func reference(_ streams: [[UInt8]]) throws -> [Reference] {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let source = folder.appendingPathComponent("streams")
        let target = folder.appendingPathComponent("events")
        let lines = streams.map { Data($0).base64EncodedString() + "\n" }.joined()
        try Data(lines.utf8).write(to: source)
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = ["python3", Fixtures.url("reference_sse.py").path, source.path, target.path]
        try process.run()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0)
        let decoder = JSONDecoder()
        return try Data(contentsOf: target).split(separator: 0x0a).map { try decoder.decode(Reference.self, from: $0) }
    }

    @Test func `ten thousand nasty streams decode as a second parser reads the standard`() throws {
        var generator = SeededGenerator(seed: 20_261_122)
        let streams = (0..<10_000).map { _ in Self.stream(&generator) }
        let references = try Self.reference(streams)
        try #require(references.count == streams.count)
        #expect(references.filter { !$0.events.isEmpty }.count > 2000)
        for (stream, reference) in zip(streams, references) {
            let splits = stream.indices.filter { _ in Int.random(in: 0..<4, using: &generator) == 0 }
            let events = reference.events.map {
                SSEDiagram.Event(type: Array($0[0].utf8), data: Array($0[1].utf8), identifier: Array($0[2].utf8))
            }
            for division in [[], splits] {
                let diagram = SSEDiagram(decoding: stream, splits: division)
                #expect(diagram.events == events, "\(stream) divided at \(division)")
                #expect(diagram.retry.map { Decimal($0) } == reference.retry)
            }
        }
    }
}
