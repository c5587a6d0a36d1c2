import Timeline

/// A body in HTTP/1.1's chunked coding (RFC 9112, section 7.1), taken apart.
struct ChunkedBody {
    private(set) var content: [UInt8] = []
    private(set) var end = TransportEnd.clean
    /// Whether at least one chunk is there with the line end that follows it.
    private(set) var hasWholeChunk = false
    private var position = 0

    /// Creates a body from its bytes; nil where they do not begin with the size of a chunk.
    init?(_ bytes: [UInt8]) {
        guard let first = size(in: bytes) else { return nil }
        var size = first
        while size > 0 {
            let available = bytes.count - position
            content += bytes[position..<position + min(size, available)]
            guard size <= available else {
                end = .cutShort(message: "\(size - available) bytes of a chunk are missing")
                return
            }
            position += size
            guard position < bytes.count else { break }
            guard skipLineEnd(in: bytes) else {
                end = .malformedHTTP(message: "no line end follows the chunk that ends at byte \(position)")
                return
            }
            hasWholeChunk = true
            guard position < bytes.count else { break }
            guard let next = self.size(in: bytes) else {
                end = .malformedHTTP(message: "no chunk size at byte \(position)")
                return
            }
            size = next
        }
        if size > 0 { end = .cutShort(message: "the last chunk is missing") }
        hasWholeChunk = hasWholeChunk || size == 0
    }

    /// Reads a line with a chunk's size; its extensions mean nothing here.
    private mutating func size(in bytes: [UInt8]) -> Int? {
        guard let lineEnd = bytes[position...].prefix(1024).firstIndex(of: 0x0a) else { return nil }
        var line = bytes[position..<lineEnd]
        if line.last == 0x0d { line.removeLast() }
        let digits = line.prefix { $0 != UInt8(ascii: ";") && $0 != 0x20 }
        guard !digits.isEmpty, digits.count <= 15, digits.allSatisfy({ Unicode.Scalar($0).properties.isASCIIHexDigit }),
            let size = Int(String(decoding: digits, as: UTF8.self), radix: 16)
        else { return nil }
        position = lineEnd + 1
        return size
    }

    private mutating func skipLineEnd(in bytes: [UInt8]) -> Bool {
        if bytes[position] == 0x0d { position += 1 }
        guard position < bytes.count, bytes[position] == 0x0a else { return false }
        position += 1
        return true
    }
}
