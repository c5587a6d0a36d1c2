import Foundation

@testable import Wire

/// Everything that a decoder told of one stream, as bytes, since strings compare by canonical equivalence.
struct SSEDiagram: Equatable {
    struct Event: Equatable {
        var type: [UInt8]
        var data: [UInt8]
        var identifier: [UInt8]
    }

    var events: [Event] = []
    var comments: [[UInt8]] = []
    var ignoredLines: [[UInt8]] = []
    var retry: UInt64?
    var hasTail = false
    var wireBytes: [Int] = []

    /// Decodes a stream divided at the given offsets; each read's memory is spoilt after its call.
    init(decoding bytes: [UInt8], splits: [Int] = [], limit: Int = 16 << 20) {
        var decoder = SSEDecoder(limit: limit)
        var start = 0
        for end in splits.filter({ $0 > 0 && $0 < bytes.count }) + [bytes.count] {
            var read = Array(bytes[start..<end])
            read.withUnsafeMutableBytes { memory in
                decoder.receive(UnsafeRawBufferPointer(memory), into: &self) { item, diagram in diagram.take(item) }
                for index in memory.indices { memory[index] = 0xff }
            }
            start = end
        }
        retry = decoder.retry
        hasTail = decoder.tail != nil
    }

    private mutating func take(_ item: SSEDecoder.Item) {
        switch item {
        case .event(let event):
            events.append(
                Event(type: Array(event.type.utf8), data: Array(event.data), identifier: event.identifier))
            wireBytes.append(event.wireBytes)
        case .comment(let text, _): comments.append(Array(text))
        case .ignoredLine(let line): ignoredLines.append(Array(line))
        }
    }
}

/// The files beside the tests.
enum Fixtures {
    static func url(_ name: String) -> URL {
        (Bundle.module.resourceURL ?? URL(fileURLWithPath: "/")).appendingPathComponent("Fixtures/\(name)")
    }

    static func bytes(_ name: String) throws -> [UInt8] { try Array(Data(contentsOf: url(name))) }
}
