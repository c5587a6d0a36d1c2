import Glibc
package import Timeline

/// Signs the requests that go to one URL by AWS's Signature Version 4, for the service `bedrock`.
///
/// What does not change from request to request is prepared; the instant is the caller's, and a signature holds for five
/// minutes, so that it has to be made when its request is sent.
package struct RequestSigner: Sendable {
    private static let service = "bedrock"
    private static let algorithm = "AWS4-HMAC-SHA256"
    /// The headers that a signature covers, where a request has them.
    private static let covered: Set<String> = ["content-type", "host"]
    private static let tokenName = "X-Amz-Security-Token"

    private let credentials: AWSCredentials
    private let request: CanonicalRequest

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
        let token = credentials.sessionToken.map { [HeaderField(Self.tokenName, $0)] } ?? []
        return [
            HeaderField("X-Amz-Date", date),
            HeaderField(
                "Authorization",
                "\(Self.algorithm) Credential=\(credentials.accessKey)/\(scope(date)), "
                    + "SignedHeaders=\(request.signedNames), Signature=\(signature(date, payloadHash))"),
        ] + token
    }

    private func scope(_ date: String) -> String {
        "\(date.prefix(8))/\(credentials.region)/\(Self.service)/aws4_request"
    }

    private func signature(_ date: String, _ payloadHash: String) -> String {
        let canonical = SHA256Digest(of: Array(request.text(date: date, payloadHash: payloadHash).utf8))
        let text = "\(Self.algorithm)\n\(date)\n\(scope(date))\n\(canonical.hexadecimal)"
        let parts = [String(date.prefix(8)), credentials.region, Self.service, "aws4_request"]
        let key = parts.reduce(Array("AWS4\(credentials.secretKey)".utf8)) { SHA256Digest(of: $1, key: $0).bytes }
        return SHA256Digest(of: text, key: key).hexadecimal
    }

    /// An instant in UTC as signatures have it, such as `20260102T030405Z`.
    private static func date(_ wallClock: Int64) -> String {
        var seconds = time_t(wallClock / 1_000_000_000)
        var parts = tm()
        gmtime_r(&seconds, &parts)
        let day = [(Int(parts.tm_year) + 1900, 4), (Int(parts.tm_mon) + 1, 2), (Int(parts.tm_mday), 2)]
        let time = [(Int(parts.tm_hour), 2), (Int(parts.tm_min), 2), (Int(parts.tm_sec), 2)]
        return day.map(padded).joined() + "T" + time.map(padded).joined() + "Z"
    }

    private static func padded(_ number: Int, _ width: Int) -> String {
        let digits = String(number)
        return String(repeating: "0", count: max(0, width - digits.count)) + digits
    }
}
