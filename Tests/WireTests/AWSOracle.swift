import Foundation

/// What botocore says of AWS signatures and event streams, as `Fixtures/aws_oracle.py` writes it down.
struct AWSOracle: Decodable {
    struct Signature: Decodable {
        var url: String
        var body: String
        var region: String
        var token: String?
        var contentType: String
        var seconds: Int64
        var date: String
        var authorization: String
    }

    struct Message: Decodable {
        var bytes: Data
        var texts: [String: String]
        var payload: Data
    }

    struct Broken: Decodable {
        var bytes: Data
        /// What botocore raises; nil where it takes a message that the format forbids, or waits for its rest.
        var error: String?
    }

    var signatures: [Signature]
    var messages: [Message]
    var broken: [Broken]

    static func read() throws -> AWSOracle {
        try JSONDecoder().decode(AWSOracle.self, from: Data(Fixtures.bytes("aws-oracle.json")))
    }
}

/// Writes messages of AWS event streams, in the plainest way that the format has.
enum AWSMessage {
    static func event(_ type: String, _ payload: String) -> [UInt8] {
        encoded([(":event-type", type), (":content-type", "application/json"), (":message-type", "event")], payload)
    }

    static func exception(_ type: String, _ payload: String) -> [UInt8] {
        encoded(
            [(":exception-type", type), (":content-type", "application/json"), (":message-type", "exception")], payload)
    }

    static func error(_ code: String, _ message: String) -> [UInt8] {
        encoded([(":error-code", code), (":error-message", message), (":message-type", "error")], "")
    }

    static func encoded(_ headers: [(name: String, text: String)], _ payload: String) -> [UInt8] {
        let fields = headers.flatMap { header -> [UInt8] in
            let length = UInt16(header.text.utf8.count)
            return [UInt8(header.name.utf8.count)] + Array(header.name.utf8) + [
                7, UInt8(length >> 8), UInt8(length & 255),
            ]
                + Array(header.text.utf8)
        }
        var message = word(UInt32(16 + fields.count + payload.utf8.count)) + word(UInt32(fields.count))
        message += word(checksum(message))
        message += fields + Array(payload.utf8)
        return message + word(checksum(message))
    }

    static func word(_ value: UInt32) -> [UInt8] { (0..<4).map { UInt8(truncatingIfNeeded: value >> (24 - 8 * $0)) } }

    /// CRC-32 as a division of polynomials, bit by bit with the highest first, as it is defined and nobody computes it.
    static func checksum(_ bytes: [UInt8]) -> UInt32 {
        var remainder: UInt64 = 0
        let bits = bytes.flatMap { byte in (0..<8).map { UInt64(byte >> $0 & 1) } } + [UInt64](repeating: 0, count: 32)
        for (index, bit) in bits.enumerated() {
            remainder = remainder << 1 | (index < 32 ? bit ^ 1 : bit)
            if remainder >> 32 == 1 { remainder ^= 0x1_04c1_1db7 }
        }
        return (0..<32).reduce(UInt32(0)) { $0 | UInt32(remainder >> (31 - $1) & 1) << $1 } ^ 0xffff_ffff
    }
}
