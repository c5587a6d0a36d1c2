import CTransport
import Glibc
import Testing
import Timeline
import Transport

/// Where reads end for streams that are no server-sent events.
@Suite("Event ends", .serialized)
struct EventEndTests {
    private static let head =
        "HTTP/1.1 200 OK\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n"

    private func reads(_ pair: WatchedPair) -> [String] {
        var texts: [String] = []
        while true {
            let text = pair.read().text
            guard !text.isEmpty else { return texts }
            texts.append(text)
        }
    }

    @Test func `each line is read by itself, and lines of one segment bear its stamp for certain`() throws {
        let pair = try WatchedPair(mode: CT_SOCKET_LINES)
        pair.send("{\"a\":1}\n{\"a\":2}\n{\"a\":3}")
        let found = [pair.read(), pair.read(), pair.read()]
        #expect(found.map(\.text) == ["{\"a\":1}\n", "{\"a\":2}\n", "{\"a\":3}"])
        #expect(found.map(\.stamp.may_be_merged) == [0, 0, 0])
    }

    @Test func `HTTP's own lines end no read of JSON lines, and a chunk's closing line end is read with it`() throws {
        let pair = try WatchedPair(mode: CT_SOCKET_LINES)
        pair.send(Self.head + "8\r\n{\"a\":1}\n\r\n1a;x=y\r\n{\"a\":\"bbbbbbbbbbbbbbbbbb\"}\n\r\n0\r\n\r\n")
        #expect(
            reads(pair) == [
                Self.head, "8\r\n{\"a\":1}\n\r\n", "1a;x=y\r\n{\"a\":\"bbbbbbbbbbbbbbbbbb\"}\n\r\n", "0\r\n\r\n",
            ])
    }

    @Test(arguments: [
        (["{\"a\":1}\r\n{\"a\":2}\r\n"], ["{\"a\":1}\r\n", "{\"a\":2}\r\n"]),
        (["{\"a\":1} \r\n{}\n"], ["{\"a\":1} \r\n", "{}\n"]),
        (["{\"a\":1}\r", "\n{}\n"], ["{\"a\":1}\r", "\n", "{}\n"]),
        (["{\"a\":1}", "\r\n{}\n"], ["{\"a\":1}", "\r\n", "{}\n"]),
        (["7\r\n{\"a\":1}\r\n2\r\n\r\n\r\n8\r\n"], ["7\r\n{\"a\":1}\r\n", "2\r\n\r\n\r\n", "8\r\n"]),
    ])
    func `a line that may be an object ends a read, however it ends`(_ sends: [String], _ expected: [String]) throws {
        let pair = try WatchedPair(mode: CT_SOCKET_LINES)
        var found: [String] = []
        for text in sends {
            pair.send(text)
            found += reads(pair)
        }
        #expect(found == expected)
    }

    @Test func `a chunk's line end that comes alone is left alone from then on`() throws {
        let pair = try WatchedPair(mode: CT_SOCKET_LINES)
        pair.send("8\r\n{\"a\":1}\n")
        #expect(reads(pair) == ["8\r\n{\"a\":1}\n"])
        pair.send("\r\n8\r\n{\"a\":2}\n\r\n")
        #expect(reads(pair) == ["\r\n", "8\r\n{\"a\":2}\n", "\r\n"])
    }

    private static func message(_ text: String) -> [UInt8] { [0, 0, 0, UInt8(text.utf8.count + 4)] + Array(text.utf8) }

    private func messageReads(_ body: [[UInt8]], head: String = Self.head) throws -> (counts: [Int], merged: [UInt32]) {
        let pair = try WatchedPair(mode: CT_SOCKET_MESSAGES)
        var counts: [Int] = []
        var merged: [UInt32] = []
        for bytes in [Array(head.utf8)] + body {
            pair.send(bytes)
            while true {
                let (text, stamp) = pair.read()
                guard !text.isEmpty else { break }
                counts.append(text.utf8.count)
                merged.append(stamp.may_be_merged)
            }
        }
        #expect(counts.first == head.utf8.count)
        return (Array(counts.dropFirst()), Array(merged.dropFirst()))
    }

    private static func chunk(_ bytes: [UInt8]) -> [UInt8] {
        Array("\(String(bytes.count, radix: 16))\r\n".utf8) + bytes + Array("\r\n".utf8)
    }

    @Test func `each message is read by itself, with the head before it apart`() throws {
        let (one, two) = (Self.message("first message\n\n"), Self.message("another message"))
        let plain = try messageReads([one + two + Self.message("third message..").prefix(7)])
        #expect(plain.counts == [one.count, two.count, 7] && plain.merged == [0, 0, 0])
        let chunked = try messageReads([Self.chunk(one) + Self.chunk(two) + Array("0\r\n\r\n".utf8)])
        #expect(chunked.counts == [one.count + 6, two.count + 6, 5] && chunked.merged == [0, 0, 0])
    }

    @Test func `a chunk may hold several messages, and a message may lie in several chunks`() throws {
        let (one, two) = (Self.message("first message\r\n"), Self.message("another message"))
        let several = try messageReads([Self.chunk(one + two)])
        #expect(several.counts == [4 + one.count, two.count + 2])
        let divided = try messageReads([Self.chunk(Array(one.prefix(2))) + Self.chunk(one.dropFirst(2) + two)])
        #expect(divided.counts == [7 + 4 + one.count - 2, two.count + 2])
    }

    @Test func `messages are found wherever segments divide them`() throws {
        let (one, two) = (Self.message("first message\r\n"), Self.message("another message"))
        let wire = Self.chunk(one) + Self.chunk(two)
        for cut in stride(from: 1, to: wire.count, by: 5) {
            let (counts, merged) = try messageReads([Array(wire[..<cut]), Array(wire[cut...])])
            #expect(counts.reduce(0, +) == wire.count)
            // No read holds the ends of both messages.
            let ends = [one.count + 3, wire.count - 3]
            var position = 0
            for (index, count) in counts.enumerated() {
                #expect(ends.count { position..<(position + count) ~= $0 } <= 1, "cut \(cut), read \(index)")
                position += count
            }
            #expect(merged.last == 0)
        }
    }

    @Test func `what is no message has no stamp of its own for certain`() throws {
        for body in ["{\"message\":\"denied\"}", "15\r\n{\"message\":\"denied!\"}\r\n0\r\n\r\n"] {
            let found = try messageReads([Array(body.utf8)])
            #expect(found.counts == [body.utf8.count] && found.merged == [1])
        }
        let short = try messageReads([[0, 0, 0, 15] + Array(repeating: 0, count: 40)])
        #expect(short.merged == [1])
    }

    @Test func `an interim response comes before the one that counts`() throws {
        let pair = try WatchedPair(mode: CT_SOCKET_MESSAGES)
        let message = Self.message("first message..")
        pair.send("HTTP/1.1 103 Early Hints\r\n\r\n")
        pair.send(Array(Self.head.utf8) + Self.chunk(message) + Self.chunk(message))
        #expect(reads(pair).map(\.utf8.count) == [28, Self.head.utf8.count, message.count + 6, message.count + 6])
    }

    @Test func `a connection is read as its latest request asks`() throws {
        let lines = "{\"a\":1}\n{\"a\":2}\n{\"a\":3}\n"
        let server = try RawServer { connection in
            while connection.readRequest() != nil {
                connection.send("HTTP/1.1 200 OK\r\nContent-Length: \(lines.utf8.count)\r\n\r\n")
                usleep(5000)
                connection.send(lines)
            }
        }
        var asked = requests(1, to: server.url) + requests(1, to: server.url, eventEnd: .lineEnd)
        asked[1].plan.index = 1
        let ended = transfers(asked)
        server.stop()
        #expect(ended.map(\.bodyText) == [lines, lines])
        #expect(ended.map(\.connection.isNew) == [true, false])
        #expect(ended.map(\.log.readCount) == [1, 3])
    }
}
