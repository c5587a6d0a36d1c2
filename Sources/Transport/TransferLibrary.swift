import CCurl

/// The libcurl that this process runs with, which need not be the one that it was built with.
package struct TransferLibrary: Sendable, Equatable {
    /// Such as `7.88.1`.
    package var version: String
    /// The TLS library, such as `OpenSSL/3.0.15`; nil where there is none.
    package var tls: String?
    package var hasHTTP2: Bool
    /// Whether names are looked up beside the transfers rather than in their way.
    package var looksUpAsynchronously: Bool

    package init(version: String, tls: String?, hasHTTP2: Bool, looksUpAsynchronously: Bool) {
        self.version = version
        self.tls = tls
        self.hasHTTP2 = hasHTTP2
        self.looksUpAsynchronously = looksUpAsynchronously
    }

    package static var current: TransferLibrary {
        guard let information = curl_version_info(CURLVERSION_FIRST)?.pointee else {
            return TransferLibrary(version: "", tls: nil, hasHTTP2: false, looksUpAsynchronously: false)
        }
        let features = information.features
        return TransferLibrary(
            version: information.version.map { String(cString: $0) } ?? "",
            tls: information.ssl_version.map { String(cString: $0) },
            hasHTTP2: features & Int32(CURL_VERSION_HTTP2) != 0,
            looksUpAsynchronously: features & Int32(CURL_VERSION_ASYNCHDNS) != 0)
    }
}
