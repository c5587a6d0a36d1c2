/// One message of an AWS event stream, checked and taken apart; its pointers are valid as long as the message's bytes.
struct AWSEventStreamMessage {
    /// Why a message is none.
    struct Malformed: Error, Equatable {
        var reason: String
    }

    /// The bytes before the headers: two lengths and their checksum.
    static let preludeLength = 12
    /// The bytes that every message has besides its headers and its payload.
    static let overhead = 16

    private(set) var payload: UnsafeRawBufferPointer
    /// The headers that hold text, by name; the others say nothing that is asked for.
    private(set) var texts: [String: String] = [:]

    /// Takes apart the bytes of one whole message whose prelude is known to be good.
    init(_ bytes: UnsafeRawBufferPointer) throws(Malformed) {
        let checked = bytes.count - 4
        guard CRC32.checksum(UnsafeRawBufferPointer(rebasing: bytes[..<checked])) == Self.word(in: bytes, at: checked)
        else { throw Malformed(reason: "the checksum of a message is wrong") }
        let headersEnd = Self.preludeLength + Int(Self.word(in: bytes, at: 4))
        payload = UnsafeRawBufferPointer(rebasing: bytes[headersEnd..<checked])
        try readHeaders(UnsafeRawBufferPointer(rebasing: bytes[Self.preludeLength..<headersEnd]))
    }

    /// Reads a number of four bytes, the most significant first.
    static func word(in bytes: UnsafeRawBufferPointer, at offset: Int) -> UInt32 {
        UInt32(bigEndian: bytes.loadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    private mutating func readHeaders(_ bytes: UnsafeRawBufferPointer) throws(Malformed) {
        var names: Set<String> = []
        var rest = bytes[...]
        while let length = rest.popFirst() {
            let name = String(decoding: try Self.take(Int(length), from: &rest), as: UTF8.self)
            guard names.insert(name).inserted else { throw Malformed(reason: "a message has the header \(name) twice") }
            guard let type = rest.popFirst() else { throw Self.brokenHeaders }
            switch type {
            case 0, 1: break
            case 2: _ = try Self.take(1, from: &rest)
            case 3: _ = try Self.take(2, from: &rest)
            case 4: _ = try Self.take(4, from: &rest)
            case 5, 8: _ = try Self.take(8, from: &rest)
            case 6: _ = try Self.takeSized(from: &rest)
            case 7: texts[name] = String(decoding: try Self.takeSized(from: &rest), as: UTF8.self)
            case 9: _ = try Self.take(16, from: &rest)
            default: throw Malformed(reason: "a header of a message has the unknown type \(type)")
            }
        }
    }

    private static let brokenHeaders = Malformed(reason: "the headers of a message are broken")

    private static func take(
        _ count: Int, from rest: inout Slice<UnsafeRawBufferPointer>
    ) throws(Malformed) -> Slice<UnsafeRawBufferPointer> {
        guard rest.count >= count else { throw brokenHeaders }
        defer { rest = rest.dropFirst(count) }
        return rest.prefix(count)
    }

    private static func takeSized(
        from rest: inout Slice<UnsafeRawBufferPointer>
    ) throws(Malformed) -> Slice<UnsafeRawBufferPointer> {
        let length = try take(2, from: &rest)
        return try take(Int(length[length.startIndex]) << 8 | Int(length[length.startIndex + 1]), from: &rest)
    }
}
