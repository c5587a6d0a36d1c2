/// The buffers of the event that is being received: its type, data and id, and the id of the last one.
struct SSEFields: Sendable {
    enum Effect {
        case field
        case retry(UInt64)
        case ignored
    }

    static let dataPrefix: [UInt8] = Array("data".utf8) + [UInt8(ascii: ":")]

    private(set) var type: [UInt8] = []
    /// Whether there was any data line, an empty one included.
    private(set) var hasData = false
    /// Bytes of the event's lines so far, comments apart.
    var wireBytes = 0
    private(set) var identifier: [UInt8] = []
    private var pendingIdentifier: [UInt8]?
    /// The data line where it is the only one so far and stands in the current read, which saves a copy.
    private nonisolated(unsafe) var borrowed: UnsafeRawBufferPointer?
    private var owned: [UInt8] = []

    /// The data lines so far, joined by LF; call `keepData` first.
    var storedData: [UInt8] { borrowed.map(Array.init) ?? owned }

    /// The bytes of a line after its name's colon and one space.
    static func value(of line: UnsafeRawBufferPointer, after nameLength: Int) -> UnsafeRawBufferPointer {
        guard nameLength < line.count else { return UnsafeRawBufferPointer(rebasing: line[line.count...]) }
        let start = nameLength + 1
        let hasSpace = start < line.count && line[start] == UInt8(ascii: " ")
        return UnsafeRawBufferPointer(rebasing: line[(hasSpace ? start + 1 : start)...])
    }

    /// Counts the LF of a CRLF inside an event; after its blank line it is nobody's, since the event is over by then.
    mutating func countSwallowed() { if wireBytes > 0 { wireBytes += 1 } }

    /// Takes a line that is neither blank nor a comment; stable bytes stay valid until `keepData`.
    mutating func add(_ line: UnsafeRawBufferPointer, isStable: Bool) -> Effect {
        let nameLength = line.firstIndex(of: UInt8(ascii: ":")) ?? line.count
        let value = Self.value(of: line, after: nameLength)
        let name = UnsafeRawBufferPointer(rebasing: line[..<nameLength])
        if name.equals("data") {
            addData(value, isStable: isStable)
        } else if name.equals("event") {
            type.removeAll(keepingCapacity: true)
            type.append(contentsOf: value)
        } else if name.equals("id") {
            guard !value.contains(0) else { return .ignored }
            pendingIdentifier = Array(value)
        } else if name.equals("retry") {
            guard !value.isEmpty, value.allSatisfy({ $0 >= 0x30 && $0 <= 0x39 }) else { return .ignored }
            return .retry(UInt64(String(decoding: value, as: UTF8.self)) ?? .max)
        } else {
            return .ignored
        }
        return .field
    }

    mutating func addData(_ value: UnsafeRawBufferPointer, isStable: Bool) {
        if !hasData, isStable {
            borrowed = value
        } else {
            keepData()
            if hasData { owned.append(0x0a) }
            owned.append(contentsOf: value)
        }
        hasData = true
    }

    /// Copies what is borrowed from the current read, before that goes.
    mutating func keepData() {
        guard let value = borrowed else { return }
        owned.append(contentsOf: value)
        borrowed = nil
    }

    /// Forgets the unfinished event; the id of the last finished one stays.
    mutating func reconnect() {
        let kept = identifier
        self = SSEFields()
        identifier = kept
    }

    /// Ends the event at its blank line; without data there is none to hand over.
    mutating func dispatch(_ body: (WireEvent) -> Void) {
        let bearsIdentifier = pendingIdentifier != nil
        if let pendingIdentifier {
            identifier = pendingIdentifier
            self.pendingIdentifier = nil
        }
        if hasData {
            var event = WireEvent(
                typeBytes: type, data: borrowed ?? UnsafeRawBufferPointer(start: nil, count: 0), identifier: identifier,
                bearsIdentifier: bearsIdentifier, wireBytes: wireBytes)
            if borrowed != nil {
                body(event)
                borrowed = nil
            } else {
                owned.withUnsafeBytes { data in
                    event.data = data
                    body(event)
                }
                owned.removeAll(keepingCapacity: owned.capacity < 1 << 16)
            }
            hasData = false
        }
        type.removeAll(keepingCapacity: true)
        wireBytes = 0
    }
}
