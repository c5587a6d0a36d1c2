import Foundation
import Testing

@testable import Wire

/// One case of the conformance list, as its file has it.
struct SSECase: Decodable, CustomTestStringConvertible {
    struct Event: Decodable {
        var event: String
        var data: String
        var id: String
    }

    var name: String
    var input_base64: String
    var expected: [Event]
    var expected_retry: UInt64?
    var retry_unspecified: Bool?
    var splits: [Int]?
    var comments: [String]
    var ignored_lines: [String]
    var unfinished_tail: Bool

    var testDescription: String { name }
    var input: [UInt8] { Data(base64Encoded: input_base64).map(Array.init) ?? [] }

    static let all: [SSECase] = {
        let data = (try? Data(contentsOf: Fixtures.url("sse-cases.json"))) ?? Data()
        return (try? JSONDecoder().decode([SSECase].self, from: data)) ?? []
    }()

    func matches(_ diagram: SSEDiagram) -> Bool {
        let events = expected.map {
            SSEDiagram.Event(type: Array($0.event.utf8), data: Array($0.data.utf8), identifier: Array($0.id.utf8))
        }
        return diagram.events == events && diagram.comments == comments.map { Array($0.utf8) }
            && diagram.ignoredLines == ignored_lines.map { Array($0.utf8) } && diagram.hasTail == unfinished_tail
            && (retry_unspecified == true || diagram.retry == expected_retry)
    }
}

struct SSEDecoderTests {
    @Test func `all 148 cases are there`() { #expect(SSECase.all.count == 148) }

    @Test(arguments: SSECase.all)
    func `a case decodes the same however the reads divide it`(_ example: SSECase) {
        let input = example.input
        #expect(example.matches(SSEDiagram(decoding: input)), "whole")
        #expect(example.matches(SSEDiagram(decoding: input, splits: example.splits ?? [])), "at its splits")
        #expect(example.matches(SSEDiagram(decoding: input, splits: Array(0..<input.count))), "byte by byte")
        // The largest cases repeat themselves: their ends and every 97th place between stand for all.
        let places = (0..<input.count).filter { input.count < 6000 || $0 < 50 || $0 > input.count - 50 || $0 % 97 == 0 }
        for place in places {
            #expect(example.matches(SSEDiagram(decoding: input, splits: [place])), "split at \(place)")
        }
        // Read lengths that run 2, 3, ... 7 and back again, so that ends of lines fall everywhere.
        let lengths = [2, 3, 4, 5, 6, 7]
        for pattern in [lengths, lengths.reversed()] {
            var splits: [Int] = []
            var place = 0
            while place < input.count {
                place += pattern[splits.count % pattern.count]
                splits.append(place)
            }
            #expect(example.matches(SSEDiagram(decoding: input, splits: splits)), "in reads of 2 to 7 bytes")
        }
    }

    @Test func `a CR at the end of a read completes the event at once, and the LF after it is swallowed`() {
        var decoder = SSEDecoder()
        var counts: [Int] = []
        for read in ["data: a\r\n\r", "\ndata: b\n\n"] {
            var count = 0
            Array(read.utf8).withUnsafeBytes { decoder.receive($0, into: &count) { _, count in count += 1 } }
            counts.append(count)
        }
        #expect(counts == [1, 1])
    }

    @Test func `the bytes of an event are those of its own lines, comments and blank lines apart`() {
        let stream = ": ping\n\nevent: x\ndata: ab\n: c\n\n\n\ndata: z\r\n\r\ndata: y\r\n\r\n"
        // "event: x" 9, "data: ab" 9, blank 1; "data: z" with CRLF 9, CR 1; the same again.
        #expect(SSEDiagram(decoding: Array(stream.utf8)).wireBytes == [19, 10, 10])
        let places = Array(0..<stream.utf8.count)
        #expect(SSEDiagram(decoding: Array(stream.utf8), splits: places).wireBytes == [19, 10, 10])
    }

    @Test(arguments: [[], [9, 18], Array(0..<2000)])
    func `an event over the limit fails, and the events before it are kept`(_ splits: [Int]) {
        let stream = Array(("data: a\n\ndata: " + String(repeating: "x", count: 2000)).utf8)
        var decoder = SSEDecoder(limit: 1000)
        var count = 0
        var start = 0
        for end in splits.filter({ $0 > 0 && $0 < stream.count }) + [stream.count] {
            stream[start..<end].withUnsafeBytes { decoder.receive($0, into: &count) { _, count in count += 1 } }
            start = end
        }
        #expect(decoder.failure == .eventTooLarge(limit: 1000))
        #expect(count == 1)
    }

    @Test func `many data lines over the limit fail too`() {
        let stream = Array(String(repeating: "data: 0123456789\n", count: 100).utf8)
        var decoder = SSEDecoder(limit: 1000)
        var count = 0
        stream.withUnsafeBytes { decoder.receive($0, into: &count) { _, count in count += 1 } }
        #expect(decoder.failure == .eventTooLarge(limit: 1000))
    }

    @Test func `the tail keeps the data that no blank line completed`() {
        var decoder = SSEDecoder()
        var count = 0
        Array("data: a\n\nevent: e\ndata: b\ndata: [DO".utf8).withUnsafeBytes {
            decoder.receive($0, into: &count) { _, count in count += 1 }
        }
        #expect(decoder.tail?.data == Array("b\n[DO".utf8))
        #expect(decoder.tail?.typeBytes == Array("e".utf8))
    }
}
