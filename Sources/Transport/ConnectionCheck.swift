import CCurl
import CTransport
package import Timeline

/// Tries whether a server can be connected to at all, TLS included, before anything is measured.
package enum ConnectionCheck {
    /// Connects and hangs up; returns what went wrong, nil where nothing did.
    ///
    /// Blocks for at most `timeout`.
    package static func problem(
        connectingTo url: String, certificateAuthorityFile: String?, timeout: Nanoseconds
    ) -> String? {
        _ = CurlTransport(clockSource: .read)
        guard let handle = curl_easy_init() else { return "libcurl has no handle left" }
        defer { curl_easy_cleanup(handle) }
        var errorText = [CChar](repeating: 0, count: Int(CURL_ERROR_SIZE))
        return errorText.withUnsafeMutableBufferPointer { buffer -> String? in
            ct_set_pointer(handle, CURLOPT_ERRORBUFFER, buffer.baseAddress)
            ct_set_string(handle, CURLOPT_URL, url)
            ct_set_string(handle, CURLOPT_PROXY, "")
            ct_set_long(handle, CURLOPT_NOSIGNAL, 1)
            ct_set_long(handle, CURLOPT_CONNECT_ONLY, 1)
            ct_set_long(handle, CURLOPT_CONNECTTIMEOUT_MS, max(1, Int(timeout.milliseconds)))
            if let file = certificateAuthorityFile { ct_set_string(handle, CURLOPT_CAINFO, file) }
            let result = curl_easy_perform(handle)
            guard result != CURLE_OK else { return nil }
            let text = buffer.baseAddress.map { String(cString: $0) } ?? ""
            return (text.isEmpty ? String(cString: curl_easy_strerror(result)) : text) + hint(result, text)
        }
    }

    /// What to look at first; a server that speaks no TLS fails a handshake or lets it wait.
    private static func hint(_ result: CURLcode, _ text: String) -> String {
        if result == CURLE_SSL_CONNECT_ERROR || text.hasPrefix("SSL connection timeout") {
            return "; it accepts connections, but no TLS: is it http:// that it speaks?"
        }
        return result == CURLE_COULDNT_CONNECT ? "; is the server running?" : ""
    }
}
