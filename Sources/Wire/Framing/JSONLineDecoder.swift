/// An incremental decoder of bodies that have one JSON text a line.
///
/// A line ends with LF; a CR before it is white space of the JSON text. Blank lines are no events. What follows the last
/// LF is an event too when it is a whole JSON text, since not every server ends its last line.
package struct JSONLineDecoder: Sendable {
    /// Set once a line exceeded the limit; from then on everything is discarded.
    package private(set) var exceededLimit: Int?

    /// The greatest number of bytes that one line may have.
    private let limit: Int
    /// The part of a line that has arrived before the current read.
    package private(set) var partial: [UInt8] = []

    package init(limit: Int = 16 << 20) { self.limit = limit }

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
                Self.dispatch(piece, into: &state, body)
            } else {
                partial.append(contentsOf: piece)
                partial.withUnsafeBytes { Self.dispatch($0, into: &state, body) }
                partial.removeAll(keepingCapacity: partial.count < 1 << 16)
            }
        }
        guard partial.count + bytes.count - position <= limit else { return fail() }
        partial.append(contentsOf: bytes[position...])
    }

    private static func dispatch<State>(
        _ line: UnsafeRawBufferPointer, into state: inout State, _ body: (WireEvent, inout State) -> Void
    ) {
        guard line.contains(where: { !isBlank($0) }) else { return }
        body(WireEvent(typeBytes: [], data: line, identifier: [], wireBytes: line.count + 1), &state)
    }

    /// Whether a byte is white space inside a line of JSON.
    static func isBlank(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0d }

    private mutating func fail() {
        exceededLimit = limit
        partial = []
    }
}
