/// Writes frames of Amazon's event stream encoding.
///
/// A frame is its length, the length of its headers and the checksum of both, then the headers, the payload and the
/// checksum of all before it; numbers are big-endian, checksums are CRC-32 as in gzip (Smithy specification, "Amazon
/// Event Stream").
enum AmazonEventFrame {
    /// A frame of type `event`.
    static func event(_ name: String, payload: [UInt8]) -> [UInt8] {
        frame(
            [(":event-type", name), (":content-type", "application/json"), (":message-type", "event")],
            payload: payload)
    }

    /// A frame of type `exception`, which ends a stream.
    static func exception(_ name: String, payload: [UInt8]) -> [UInt8] {
        frame(
            [(":exception-type", name), (":content-type", "application/json"), (":message-type", "exception")],
            payload: payload)
    }

    static func frame(_ headers: [(name: String, value: String)], payload: [UInt8]) -> [UInt8] {
        var fields: [UInt8] = []
        for (name, value) in headers {
            fields.append(UInt8(truncatingIfNeeded: name.utf8.count))
            fields += Array(name.utf8)
            // 7 is the type of a string, whose length has two bytes.
            fields += [
                7, UInt8(truncatingIfNeeded: value.utf8.count >> 8), UInt8(truncatingIfNeeded: value.utf8.count),
            ]
            fields += Array(value.utf8)
        }
        var bytes = word(16 + fields.count + payload.count) + word(fields.count)
        bytes += word(Int(Checksum.of(bytes)))
        bytes += fields
        bytes += payload
        bytes += word(Int(Checksum.of(bytes)))
        return bytes
    }

    private static func word(_ value: Int) -> [UInt8] {
        [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: value >> $0) }
    }
}

/// The CRC-32 of IEEE 802.3, as gzip (RFC 1952) and Amazon's frames use it.
struct Checksum {
    private var state: UInt32 = 0xffff_ffff

    var value: UInt32 { ~state }

    mutating func append(_ bytes: [UInt8]) {
        for byte in bytes { state = Self.table[Int(UInt8(truncatingIfNeeded: state) ^ byte)] ^ (state >> 8) }
    }

    static func of(_ bytes: [UInt8]) -> UInt32 {
        var checksum = Checksum()
        checksum.append(bytes)
        return checksum.value
    }

    private static let table: [UInt32] = (0..<256).map { index in
        (0..<8).reduce(UInt32(index)) { value, _ in value & 1 == 0 ? value >> 1 : 0xedb8_8320 ^ (value >> 1) }
    }
}
