/// The events of a stream that bear an id, by which those are known that a server sends again after a break.
///
/// Only an event with the same id and the same data is the same: some servers give one id to many events.
package struct KnownEvents: Sendable {
    private var keys: Set<[UInt8]> = []

    package init() {}

    /// Whether the event came before.
    func contains(_ event: WireEvent) -> Bool { event.bearsIdentifier && keys.contains(Self.key(of: event)) }

    mutating func insert(_ event: WireEvent) {
        if event.bearsIdentifier { keys.insert(Self.key(of: event)) }
    }

    /// Takes the bytes of one connection, which `reads` hands over piece by piece from the first one on.
    package mutating func addConnection(_ reads: ((UnsafeRawBufferPointer) -> Void) -> Void) {
        var decoder = SSEDecoder()
        reads { bytes in
            decoder.receive(bytes, into: &self) { item, known in
                if case .event(let event) = item { known.insert(event) }
            }
        }
    }

    private static func key(of event: WireEvent) -> [UInt8] {
        // No id has a zero byte in it.
        event.identifier + [0] + event.data
    }
}
