import CCurl
import CTransport
import Timeline

extension TransportEnd {
    /// Classifies how libcurl ended a transfer; `message` is its error text, which may be empty.
    init(_ code: CURLcode, message: String) {
        let text = message.isEmpty ? String(cString: curl_easy_strerror(code)) : message
        switch code {
        case CURLE_OK: self = .clean
        case CURLE_COULDNT_RESOLVE_HOST, CURLE_COULDNT_RESOLVE_PROXY, CURLE_COULDNT_CONNECT:
            self = .connectFailed(message: text)
        case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE,
            CURLE_SSL_CERTPROBLEM, CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_INVALIDCERTSTATUS:
            self = .tlsFailed(message: text)
        // libcurl's own timer ends connecting alone, after 300 s; the others are ours.
        case CURLE_OPERATION_TIMEDOUT: self = .timedOut(.connect)
        case CURLE_PARTIAL_FILE, CURLE_GOT_NOTHING: self = .cutShort(message: text)
        case CURLE_BAD_CONTENT_ENCODING, CURLE_WEIRD_SERVER_REPLY, CURLE_UNSUPPORTED_PROTOCOL,
            CURLE_TOO_LARGE_HEADERS:
            self = .malformedHTTP(message: text)
        case CURLE_OUT_OF_MEMORY:
            // libcurl's name, too, for a header line beyond its buffer; real memory runs out elsewhere first.
            self = .malformedHTTP(message: "a response header line is longer than libcurl takes")
        case CURLE_RECV_ERROR:
            // The one code stands for a failed socket and for broken chunks; only the text tells them apart.
            let isSocketFailure = text.hasPrefix("Recv failure") || text.contains("SSL_read")
            self = isSocketFailure ? .broken(message: text) : .malformedHTTP(message: text)
        default: self = .broken(message: text)
        }
    }
}

/// libcurl's codes that its header leaves out in some versions.
private let CURLE_TOO_LARGE_HEADERS = CURLcode(100)
