import CCurl
import CTransport
package import Timeline

/// Fetches small answers outside any measurement, one after the other over a connection that is kept; blocks.
///
/// Used by one thread at a time.
package final class Fetcher {
    private let handle: UnsafeMutableRawPointer

    /// Nil where libcurl has no memory left.
    package init?() {
        _ = CurlTransport(clockSource: .read)
        guard let handle = curl_easy_init() else { return nil }
        self.handle = handle
    }

    deinit { curl_easy_cleanup(handle) }

    /// Fetches a URL, or posts `body` where there is one; nil where there was no answer within `timeout`.
    package func response(
        from url: String, headers: [HeaderField] = [], posting body: [UInt8]? = nil,
        certificateAuthorityFile: String? = nil, timeout: Nanoseconds = .seconds(5)
    ) -> SimpleFetch.Response? {
        // Forgets the last request; the connection stays.
        curl_easy_reset(handle)
        var list: UnsafeMutablePointer<curl_slist>?
        for header in headers { list = curl_slist_append(list, "\(header.name): \(header.value)") }
        defer { curl_slist_free_all(list) }
        let collector = Collector()
        ct_set_string(handle, CURLOPT_URL, url)
        ct_set_string(handle, CURLOPT_PROXY, "")
        ct_set_string(handle, CURLOPT_PROTOCOLS_STR, "http,https")
        ct_set_long(handle, CURLOPT_NOSIGNAL, 1)
        ct_set_long(handle, CURLOPT_TIMEOUT_MS, max(1, Int(timeout.milliseconds)))
        ct_set_list(handle, CURLOPT_HTTPHEADER, list)
        if let file = certificateAuthorityFile { ct_set_string(handle, CURLOPT_CAINFO, file) }
        if let body {
            ct_set_size(handle, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
            body.withUnsafeBytes { bytes in _ = ct_set_pointer(handle, CURLOPT_COPYPOSTFIELDS, bytes.baseAddress) }
        }
        ct_set_pointer(handle, CURLOPT_WRITEDATA, Unmanaged.passUnretained(collector).toOpaque())
        ct_set_data_function(handle, CURLOPT_WRITEFUNCTION) { bytes, size, count, context in
            guard let bytes, let context else { return 0 }
            let collector = Unmanaged<Collector>.fromOpaque(context).takeUnretainedValue()
            return collector.append(UnsafeRawBufferPointer(start: bytes, count: size * count))
        }
        let result = curl_easy_perform(handle)
        var status = 0
        ct_get_long(handle, CURLINFO_RESPONSE_CODE, &status)
        // A server that starts to stream an endless answer has answered.
        guard result == CURLE_OK || status != 0 else { return nil }
        return SimpleFetch.Response(status: status, body: collector.body)
    }

    private final class Collector {
        var body: [UInt8] = []

        func append(_ bytes: UnsafeRawBufferPointer) -> Int {
            guard body.count < 1 << 20 else { return 0 }
            body.append(contentsOf: bytes)
            return bytes.count
        }
    }
}
