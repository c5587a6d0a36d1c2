package import Timeline

/// How a transfer ended, as far as the transport can tell: what its source needs to decide what follows.
package struct EndedTransfer: Sendable {
    /// Names the attempt among those in flight, as its request did.
    package var token: Int
    package var end: TransportEnd
    /// Of the final response; nil where none came.
    package var status: Int?
    /// Of the final response.
    package var headers: HeaderLines
    /// Of the response's body.
    package var bytesReceived: Int

    package init(
        token: Int, end: TransportEnd, status: Int? = nil, headers: HeaderLines = HeaderLines(), bytesReceived: Int = 0
    ) {
        self.token = token
        self.end = end
        self.status = status
        self.headers = headers
        self.bytesReceived = bytesReceived
    }
}

/// Header lines as received; they are taken apart only where somebody looks, since most responses are not looked at.
package struct HeaderLines: Sendable {
    package var bytes: [UInt8]

    package init(bytes: [UInt8] = []) { self.bytes = bytes }

    /// The header fields, without white space around their values.
    package var fields: [HeaderField] {
        bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: true).compactMap { line in
            guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return nil }
            let isSpace = { (byte: UInt8) in byte == 0x20 || byte == 0x09 || byte == 0x0d }
            let value = line[(colon + 1)...].drop(while: isSpace)
            let end = value.lastIndex { !isSpace($0) }.map { $0 + 1 } ?? value.startIndex
            return HeaderField(
                String(decoding: line[..<colon], as: UTF8.self),
                String(decoding: value[value.startIndex..<end], as: UTF8.self))
        }
    }
}
