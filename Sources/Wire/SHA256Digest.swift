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
        let digits = Array("0123456789abcdef".utf8)
        return String(decoding: bytes.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
