import Glibc
import Synchronization
package import Timeline

/// Signs the requests that go to one URL by AWS's Signature Version 4, for the service `bedrock`.
///
/// What does not change from request to request is prepared; the instant is the caller's, and a signature holds for five
/// minutes, so that it has to be made when its request is sent.
package final class RequestSigner: Sendable {
    private static let service = "bedrock"
    private static let algorithm = "AWS4-HMAC-SHA256"
    /// The headers that a signature covers, where a request has them.
    private static let covered: Set<String> = ["content-type", "host"]
    private static let tokenName = "X-Amz-Security-Token"

    private let credentials: AWSCredentials
    private let request: CanonicalRequest
    /// The key of the latest day that was signed on.
    private let dayKey = Mutex<(day: String, key: [UInt8])>(("", []))

    /// Prepares signatures for POSTs to a URL with the given headers; nil where there is no libcrypto to sign with.
    package init?(url: String, headers: [HeaderField], credentials: AWSCredentials) {
        guard SHA256Digest.isAvailable else { return nil }
        self.credentials = credentials
        var signed = headers.filter { Self.covered.contains($0.name.lowercased()) }
        if let token = credentials.sessionToken { signed.append(HeaderField(Self.tokenName, token)) }
        request = CanonicalRequest(url: url, headers: signed)
    }

    /// What a signature has to know of a body: its hash.
    package func payloadHash(of body: [UInt8]) -> String { SHA256Digest(of: body).hexadecimal }

    /// The headers that sign one request; `wallClock` counts nanoseconds from 1970.
    package func headers(payloadHash: String, wallClock: Int64) -> [HeaderField] {
        let date = Self.date(wallClock)
        let day = String(date.prefix(8))
        let scope = "\(day)/\(credentials.region)/\(Self.service)/aws4_request"
        let canonical = SHA256Digest(of: Array(request.text(date: date, payloadHash: payloadHash).utf8))
        let text = "\(Self.algorithm)\n\(date)\n\(scope)\n\(canonical.hexadecimal)"
        let signature = SHA256Digest(of: text, key: key(ofDay: day)).hexadecimal
        let authorization =
            "\(Self.algorithm) Credential=\(credentials.accessKey)/\(scope), SignedHeaders=\(request.signedNames), "
            + "Signature=\(signature)"
        let token = credentials.sessionToken.map { [HeaderField(Self.tokenName, $0)] } ?? []
        return [HeaderField("X-Amz-Date", date), HeaderField("Authorization", authorization)] + token
    }

    private func key(ofDay day: String) -> [UInt8] {
        dayKey.withLock { latest in
            if latest.day != day {
                let start = Array("AWS4\(credentials.secretKey)".utf8)
                let parts = [day, credentials.region, Self.service, "aws4_request"]
                latest = (day, parts.reduce(start) { SHA256Digest(of: $1, key: $0).bytes })
            }
            return latest.key
        }
    }

    /// An instant in UTC as signatures have it, such as `20260102T030405Z`.
    private static func date(_ wallClock: Int64) -> String {
        var seconds = time_t(wallClock / 1_000_000_000)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        return String(unsafeUninitializedCapacity: 32) { buffer in
            buffer.withMemoryRebound(to: CChar.self) { strftime($0.baseAddress, $0.count, "%Y%m%dT%H%M%SZ", &parts) }
        }
    }
}
