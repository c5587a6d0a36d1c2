import CCrypto

/// SHA-256 (FIPS 180-4) and its HMAC (RFC 2104), as libcrypto computes them.
struct SHA256Digest: Equatable {
    /// Whether libcrypto is there; nothing else of this type may be used where it is not.
    static let isAvailable = cc_find_library() == 1

    private(set) var bytes: [UInt8]

    /// Hashes some bytes.
    init(of content: [UInt8]) {
        precondition(Self.isAvailable, "libcrypto is not there")
        bytes = [UInt8](unsafeUninitializedCapacity: Int(CC_DIGEST_LENGTH)) { digest, count in
            cc_sha256(content, content.count, digest.baseAddress)
            count = Int(CC_DIGEST_LENGTH)
        }
    }

    /// Hashes a text with a key.
    init(of text: String, key: [UInt8]) {
        precondition(Self.isAvailable, "libcrypto is not there")
        let content = Array(text.utf8)
        bytes = [UInt8](unsafeUninitializedCapacity: Int(CC_DIGEST_LENGTH)) { digest, count in
            cc_hmac_sha256(key, key.count, content, content.count, digest.baseAddress)
            count = Int(CC_DIGEST_LENGTH)
        }
    }

    /// The digest as 64 hexadecimal digits in lower case.
    var hexadecimal: String {
        String(unsafeUninitializedCapacity: 2 * bytes.count) { digits in
            for (index, byte) in bytes.enumerated() {
                digits[2 * index] = Self.digit(byte >> 4)
                digits[2 * index + 1] = Self.digit(byte & 15)
            }
            return 2 * bytes.count
        }
    }

    private static func digit(_ value: UInt8) -> UInt8 { value < 10 ? 0x30 + value : 0x57 + value }
}
