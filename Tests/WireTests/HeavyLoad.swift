import Glibc
import Testing
import Timeline

@testable import Wire

/// A stream of any size that a decoder could take too long over, or keep too much of.
struct HeavyLoad: CustomTestStringConvertible, Sendable {
    var name: String
    var api: String
    /// The size to start from; what it counts is the load's own: bytes, events, levels.
    var size: Int
    /// Bytes in a read.
    var read: Int
    var outcome: OutcomeClass
    /// The stream of a given size.
    var body: @Sendable (Int) -> [UInt8]

    var testDescription: String { "\(name), \(api)" }

    /// Decodes a stream.
    func decoded(_ body: [UInt8]) -> DecodedStream? {
        guard let dialect = Dialects.named(api) else { return nil }
        let types = ["ollama": "application/x-ndjson", "bedrock": "application/vnd.amazon.eventstream"]
        var decoder = StreamDecoder(
            dialect: dialect, status: 200, headers: [HeaderField("Content-Type", types[api] ?? "text/event-stream")],
            expectsStream: true, keepsText: false)
        body.withUnsafeBytes { bytes in
            var start = 0
            while start < bytes.count {
                let end = min(start + read, bytes.count)
                decoder.receive(UnsafeRawBufferPointer(rebasing: bytes[start..<end]), readIndex: start)
                start = end
            }
        }
        return decoder.finish(.clean)
    }

    /// The lesser of two times that decoding took this thread alone, in nanoseconds, however busy the machine is.
    func processorTime(size: Int) -> Int {
        let body = body(size)
        let times = (0..<2).map { _ in
            let start = Self.threadTime
            _ = decoded(body)
            return Self.threadTime - start
        }
        return times.min() ?? 0
    }

    private static var threadTime: Int {
        var time = timespec()
        clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time)
        return time.tv_sec * 1_000_000_000 + time.tv_nsec
    }
}

/// What an API's streams are made of.
private struct Pieces {
    var api: String
    var event: [UInt8]
    var end: [UInt8]
    /// The beginning of an event that is far from its end.
    var prefix: [UInt8]

    static let all = [
        Pieces(
            api: "openai-chat", event: Array(OutcomeRow.text.utf8),
            end: Array((OutcomeRow.finish + OutcomeRow.done).utf8), prefix: Array("data: {\"x\":\"".utf8)),
        Pieces(
            api: "ollama", event: Array(OllamaRows.text("a").utf8), end: Array(OllamaRows.done.utf8),
            prefix: Array("{\"x\":\"".utf8)),
        Pieces(
            api: "bedrock", event: BedrockRows.text("a"), end: BedrockRows.stop("end_turn") + BedrockRows.metadata,
            prefix: AWSMessage.prelude(length: 16 << 20)),
    ]

    func events(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(event.count * count + end.count)
        for _ in 0..<count { bytes.append(contentsOf: event) }
        return bytes + end
    }
}

extension AWSMessage {
    /// The first bytes of a message, with their checksum, as if all of its length were to come.
    fileprivate static func prelude(length: UInt32) -> [UInt8] {
        let lengths = word(length) + word(0)
        return lengths + word(checksum(lengths))
    }
}

extension HeavyLoad {
    /// A line or a message that has no end: no byte of it is to be looked at again in every read.
    static let unfinished = Pieces.all.map { pieces in
        HeavyLoad(
            name: "an event without an end", api: pieces.api, size: 1 << 19, read: 64, outcome: .truncated,
            body: { pieces.prefix + [UInt8](repeating: 0x78, count: $0) })
    }

    /// Lines beyond the limit; a message says its length at its start and is given up there.
    static let tooLong = Pieces.all.map { pieces in
        HeavyLoad(
            name: "a line of 50 and 100 MB", api: pieces.api, size: 50_000_000, read: 1 << 20, outcome: .protocolError,
            body: {
                let prefix = pieces.api == "bedrock" ? AWSMessage.prelude(length: UInt32($0)) : pieces.prefix
                return prefix + [UInt8](repeating: 0x78, count: $0)
            })
    }

    static let oneRead = Pieces.all.map { pieces in
        HeavyLoad(
            name: "events in one read", api: pieces.api, size: 4000, read: .max / 2, outcome: .ok,
            body: { pieces.events($0) })
    }

    static let byteByByte = Pieces.all.map { pieces in
        HeavyLoad(
            name: "one byte a read", api: pieces.api, size: 1 << 18, read: 1, outcome: .ok,
            body: { pieces.events($0 / pieces.event.count) })
    }

    static let all = unfinished + tooLong + oneRead + byteByByte + others
}

extension HeavyLoad {
    private static func text(
        _ name: String, _ size: Int, _ outcome: OutcomeClass, _ body: @escaping @Sendable (Int) -> String
    ) -> HeavyLoad {
        HeavyLoad(
            name: name, api: "openai-chat", size: size, read: 64 << 10, outcome: outcome,
            body: { Array(body($0).utf8) })
    }

    private static let end = OutcomeRow.text + OutcomeRow.finish + OutcomeRow.done

    /// What could be kept in a list that is searched again and again.
    static let others: [HeavyLoad] = [
        text("deep JSON", 10_000, .protocolError) { depth in
            "data: {\"x\":" + String(repeating: "[", count: depth) + String(repeating: "]", count: depth) + "}\n\n"
                + end
        },
        text("data lines in one event", 20_000, .ok) { count in
            "data: {\"a\":[\n" + String(repeating: "data: 1,\n", count: count) + "data: 1]}\n\n" + end
        },
        text("members in one object", 20_000, .ok) { count in
            "data: {" + (0..<count).map { "\"m\($0)\":\($0)" }.joined(separator: ",") + "}\n\n" + end
        },
        text("answers of one request", 5000, .ok) { count in
            (0..<count).map {
                "data: {\"choices\":[{\"index\":\($0),\"delta\":{\"content\":\"a\"},\"finish_reason\":\"stop\"}]}\n\n"
            }.joined() + OutcomeRow.done
        },
        text("lines that are no fields", 20_000, .ok) { count in (0..<count).map { "{\($0)\n" }.joined() + end },
        text("comments", 20_000, .ok) { count in String(repeating: ": k\n\n", count: count) + end },
        text("escapes in a text", 20_000, .ok) { count in
            OpenAIChatDialectTests.chunk("{\"content\":\"\(String(repeating: "\\ud83d", count: count))\"}") + end
        },
        HeavyLoad(
            name: "messages of kinds that nobody knows", api: "bedrock", size: 1000, read: 64 << 10, outcome: .ok,
            body: { count in
                (0..<count).flatMap { AWSMessage.encoded([(":message-type", "kind-\($0)")], "") } + BedrockRows.good
            }),
    ]
}
