import CCurl
import CTransport
import Timeline

/// libcurl's handle for one transfer at a time; used again for the same target, since setting it up costs more than a chunk.
final class EasyHandle {
    let pointer: UnsafeMutableRawPointer
    let errorText: UnsafeMutablePointer<CChar>
    /// The header lines of one request, and the last of them, behind which the target's follow.
    private var ownHeaders: (first: UnsafeMutablePointer<curl_slist>?, last: UnsafeMutablePointer<curl_slist>?)

    /// A handle whose sockets are read as a clock of this kind needs.
    init?(target: TransportTarget, stampedBy source: ClockSource) {
        guard let pointer = curl_easy_init() else { return nil }
        self.pointer = pointer
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
        configure(for: target, stampedBy: source)
    }

    deinit {
        curl_easy_cleanup(pointer)
        freeOwnHeaders()
        errorText.deallocate()
    }

    private func configure(for target: TransportTarget, stampedBy source: ClockSource) {
        ct_set_string(pointer, CURLOPT_URL, target.url)
        ct_set_long(pointer, CURLOPT_POST, 1)
        ct_set_long(pointer, CURLOPT_NOSIGNAL, 1)
        ct_set_pointer(pointer, CURLOPT_ERRORBUFFER, errorText)
        // A proxy from the environment would be measured in place of the server.
        ct_set_string(pointer, CURLOPT_PROXY, "")
        ct_set_string(pointer, CURLOPT_PROTOCOLS_STR, "http,https")
        ct_set_long(pointer, CURLOPT_HTTP09_ALLOWED, 0)
        // Events are small and read one by one, and there may be thousands of handles.
        ct_set_long(pointer, CURLOPT_BUFFERSIZE, 4 * 1024)
        // The smallest that libcurl allows; requests are small and there may be thousands of handles.
        ct_set_long(pointer, CURLOPT_UPLOAD_BUFFERSIZE, 16 * 1024)
        ct_set_data_function(pointer, CURLOPT_WRITEFUNCTION, receiveBody)
        ct_set_data_function(pointer, CURLOPT_HEADERFUNCTION, receiveHeader)
        if let file = target.certificateAuthorityFile { ct_set_string(pointer, CURLOPT_CAINFO, file) }
        switch (target.httpVersion, target.isSecure) {
        case (.one, _): ct_set_long(pointer, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        case (.two, true):
            ct_set_long(pointer, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
            // HTTP/2 needs TLS 1.2 (RFC 9113, 9.2). Saying so also keeps libcurl, which holds connections against their TLS
            // settings, from sending HTTP/2 into a kept connection on which HTTP/1.1 was agreed upon, and the reverse.
            ct_set_long(pointer, CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
        case (.two, false): ct_set_long(pointer, CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2_PRIOR_KNOWLEDGE))
        }
        // Streams of one target share a connection where HTTP/2 allows it, rather than each opening its own.
        if target.httpVersion == .two, target.connections == .reuse { ct_set_long(pointer, CURLOPT_PIPEWAIT, 1) }
        ct_stamp_sockets(pointer, target.socketMode(for: source))
    }

    /// Points the handle at a new transfer, whose object must outlive the transfer.
    func prepare(for transfer: Transfer) {
        errorText[0] = 0
        setHeaders(of: transfer.request)
        let body = transfer.request.body.bytes
        let closesConnection = transfer.request.target.connections == .fresh || transfer.request.plan.closesConnection
        ct_set_long(pointer, CURLOPT_FORBID_REUSE, closesConnection ? 1 : 0)
        insistOnNewConnection(transfer.request.target.connections == .fresh)
        ct_set_size(pointer, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(body.count))
        ct_set_pointer(pointer, CURLOPT_POSTFIELDS, body.baseAddress)
        let context = Unmanaged.passUnretained(transfer).toOpaque()
        ct_set_pointer(pointer, CURLOPT_WRITEDATA, context)
        ct_set_pointer(pointer, CURLOPT_HEADERDATA, context)
        ct_set_pointer(pointer, CURLOPT_PRIVATE, context)
        ct_stamp_sends(pointer, transfer.sendStamp)
    }

    /// Says whether the next transfer may take a connection that was kept.
    func insistOnNewConnection(_ insists: Bool) { ct_set_long(pointer, CURLOPT_FRESH_CONNECT, insists ? 1 : 0) }

    private func setHeaders(of request: TransportRequest) {
        freeOwnHeaders()
        let first = curl_slist_append(nil, "X-Request-Id: \(request.clientRequestID)")
        var last = first
        for header in request.headers {
            last?.pointee.next = curl_slist_append(nil, "\(header.name): \(header.value)")
            last = last?.pointee.next ?? last
        }
        last?.pointee.next = request.target.sharedHeaders
        ownHeaders = (first, last)
        ct_set_list(pointer, CURLOPT_HTTPHEADER, first)
    }

    // The list's tail belongs to the target.
    private func freeOwnHeaders() {
        ownHeaders.last?.pointee.next = nil
        curl_slist_free_all(ownHeaders.first)
        ownHeaders = (nil, nil)
    }

    var errorMessage: String { String(cString: errorText) }

    func long(_ info: CURLINFO) -> Int {
        var value = 0
        ct_get_long(pointer, info, &value)
        return value
    }

    func microseconds(_ info: CURLINFO) -> Nanoseconds {
        var value: curl_off_t = 0
        ct_get_size(pointer, info, &value)
        return Nanoseconds(Int64(value) * 1000)
    }

    func string(_ info: CURLINFO) -> String? {
        var value: UnsafeMutablePointer<CChar>?
        ct_get_string(pointer, info, &value)
        return value.map { String(cString: $0) }
    }
}

/// Receives body bytes: stamps, appends and returns, for every other stream waits meanwhile.
private let receiveBody: ct_data_function = { bytes, size, count, context in
    guard let bytes, let context else { return 0 }
    return Unmanaged<Transfer>.fromOpaque(context)._withUnsafeGuaranteedRef { transfer in
        transfer.receiveBody(bytes, count: size * count)
    }
}

private let receiveHeader: ct_data_function = { bytes, size, count, context in
    guard let bytes, let context else { return 0 }
    return Unmanaged<Transfer>.fromOpaque(context)._withUnsafeGuaranteedRef { transfer in
        transfer.receiveHeader(UnsafeRawBufferPointer(start: bytes, count: size * count))
    }
}
