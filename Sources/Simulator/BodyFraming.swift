/// How an answer's body is delimited.
enum BodyFraming: Equatable {
    case chunked
    /// Chunked, with an extension on every chunk and a trailer.
    case chunkedWithExtensions
    /// A length in the head.
    case length(Int)
    /// The end of the connection ends the body.
    case untilClose

    var isChunked: Bool { self == .chunked || self == .chunkedWithExtensions }

    /// Frames one piece of the body for one send.
    func frame(_ payload: [UInt8]) -> [UInt8] {
        guard isChunked, !payload.isEmpty else { return payload }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(payload.count + 32)
        bytes += Array(String(payload.count, radix: 16).utf8)
        if self == .chunkedWithExtensions { bytes += Array(";part=\"one; two\";empty".utf8) }
        bytes += [0x0d, 0x0a]
        bytes += payload
        bytes += [0x0d, 0x0a]
        return bytes
    }

    /// What ends the body.
    var end: [UInt8] {
        switch self {
        case .chunked: Array("0\r\n\r\n".utf8)
        case .chunkedWithExtensions: Array("0;last\r\nserver-timing: total;dur=1\r\n\r\n".utf8)
        case .length, .untilClose: []
        }
    }
}

/// Turns events into the bytes of a body: line ends, a byte order mark or gzip where a fault wants them, then the framing.
struct BodyEncoder {
    let framing: BodyFraming
    private let lineEnd: [UInt8]?
    private var gzip: GzipEncoder?
    private var needsByteOrderMark: Bool
    private let isPlain: Bool

    init(framing: BodyFraming, fault: Fault?) {
        self.framing = framing
        switch fault {
        case .carriageReturnLineFeed: lineEnd = [0x0d, 0x0a]
        case .carriageReturn: lineEnd = [0x0d]
        default: lineEnd = nil
        }
        gzip = fault == .gzip || fault == .gzipTruncated ? GzipEncoder() : nil
        needsByteOrderMark = fault == .byteOrderMark
        isPlain = lineEnd == nil && gzip == nil && !needsByteOrderMark
    }

    /// Encodes whole events.
    mutating func encode(_ payload: [UInt8]) -> [UInt8] {
        isPlain || payload.isEmpty ? framing.frame(payload) : framing.frame(transform(payload))
    }

    /// What ends a body that is complete.
    mutating func end() -> [UInt8] {
        let tail = gzip.map { $0.end } ?? []
        return framing.frame(tail) + framing.end
    }

    private mutating func transform(_ payload: [UInt8]) -> [UInt8] {
        var bytes = payload
        if let lineEnd {
            // JSON has no raw line ends, so that all that there are delimit lines.
            bytes = bytes.filter { $0 != 0x0d }.flatMap { $0 == 0x0a ? lineEnd : [$0] }
        }
        if needsByteOrderMark {
            bytes = [0xef, 0xbb, 0xbf] + bytes
            needsByteOrderMark = false
        }
        return gzip?.encode(bytes) ?? bytes
    }
}

/// Writes gzip (RFC 1952) in stored blocks, each of which a reader can decode as it comes.
struct GzipEncoder {
    private var checksum = Checksum()
    private var count = 0

    mutating func encode(_ bytes: [UInt8]) -> [UInt8] {
        var output: [UInt8] = count == 0 ? [0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 255] : []
        checksum.append(bytes)
        count += bytes.count
        for start in stride(from: 0, to: bytes.count, by: 65_535) {
            let block = bytes[start..<min(bytes.count, start + 65_535)]
            output += Self.head(length: block.count, isLast: false) + block
        }
        return output
    }

    /// An empty last block, the checksum and the length.
    var end: [UInt8] {
        let numbers = [Int(checksum.value), count].flatMap { value in
            [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: value >> $0) }
        }
        return Self.head(length: 0, isLast: true) + numbers
    }

    private static func head(length: Int, isLast: Bool) -> [UInt8] {
        let low = UInt8(truncatingIfNeeded: length)
        let high = UInt8(truncatingIfNeeded: length >> 8)
        return [isLast ? 1 : 0, low, high, ~low, ~high]
    }
}
