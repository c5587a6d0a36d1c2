package import Timeline

/// One small request outside any measurement, such as a server's list of models; blocks.
package enum SimpleFetch {
    package struct Response: Sendable {
        package var status: Int
        package var body: [UInt8]
    }

    /// Fetches a URL, or posts `body` where there is one; nil where there was no answer within `timeout`.
    package static func response(
        from url: String, headers: [HeaderField] = [], posting body: [UInt8]? = nil,
        certificateAuthorityFile: String? = nil, timeout: Nanoseconds = .seconds(5)
    ) -> Response? {
        Fetcher()?.response(
            from: url, headers: headers, posting: body, certificateAuthorityFile: certificateAuthorityFile,
            timeout: timeout)
    }
}
