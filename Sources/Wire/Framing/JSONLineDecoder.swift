/// An incremental decoder of bodies that have one JSON text a line.
///
/// A line ends with LF; a CR before it is white space of the JSON text. Blank lines are no events. What follows the last
/// LF is an event too when it is a whole JSON text, since not every server ends its last line. A byte order mark before
/// the first line is none of it, as readers of JSON may take it (RFC 8259, section 8.1).
package struct JSONLineDecoder: Sendable {
    /// Set once a line exceeded the limit; from then on everything is discarded.
    package private(set) var exceededLimit: Int?

    /// The greatest number of bytes that one line may have.
    private let limit: Int
    /// The part of a line that has arrived before the current read.
    private var partial: [UInt8] = []
    private var isAtFirstLine = true

    package init(limit: Int = 16 << 20) { self.limit = limit }

    private static let byteOrderMark: [UInt8] = [0xef, 0xbb, 0xbf]

    /// What follows the last line end, without a byte order mark.
    package var rest: ArraySlice<UInt8> {
        partial.dropFirst(isAtFirstLine && partial.starts(with: Self.byteOrderMark) ? Self.byteOrderMark.count : 0)
    }

    /// Takes the next bytes and hands every line they complete to the body, together with the state it works on.
    package mutating func receive<State>(
        _ bytes: UnsafeRawBufferPointer, into state: inout State, _ body: (WireEvent, inout State) -> Void
    ) {
        guard exceededLimit == nil else { return }
        var position = 0
        while true {
            let end = bytes.position(of: 0x0a, from: position)
            guard end < bytes.count else { break }
            let piece = UnsafeRawBufferPointer(rebasing: bytes[position..<end])
            position = end + 1
            guard partial.count + piece.count <= limit else { return fail() }
            if partial.isEmpty {
                dispatch(piece, into: &state, body)
            } else {
                partial.append(contentsOf: piece)
                var line: [UInt8] = []
                swap(&line, &partial)
                line.withUnsafeBytes { dispatch($0, into: &state, body) }
                line.removeAll(keepingCapacity: line.count < 1 << 16)
                partial = line
            }
        }
        guard partial.count + bytes.count - position <= limit else { return fail() }
        partial.append(contentsOf: bytes[position...])
    }

    private mutating func dispatch<State>(
        _ line: UnsafeRawBufferPointer, into state: inout State, _ body: (WireEvent, inout State) -> Void
    ) {
        let hasMark = isAtFirstLine && line.starts(with: Self.byteOrderMark)
        isAtFirstLine = false
        let text = UnsafeRawBufferPointer(rebasing: line.dropFirst(hasMark ? Self.byteOrderMark.count : 0))
        guard text.contains(where: { !Self.isBlank($0) }) else { return }
        body(WireEvent(typeBytes: [], data: text, identifier: [], wireBytes: line.count + 1), &state)
    }

    /// Whether a byte is white space inside a line of JSON.
    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0d }

    private mutating func fail() {
        exceededLimit = limit
        partial = []
    }
}
