import CCurl
import CTransport
import Timeline

extension TransferLoop {
    /// Hands over every transfer that libcurl has ended; false where there was none.
    @discardableResult
    func collectEnded() -> Bool {
        var remaining: Int32 = 0
        var hasEnded = false
        while let message = curl_multi_info_read(multi, &remaining) {
            guard message.pointee.msg == CURLMSG_DONE else { continue }
            var context: UnsafeMutableRawPointer?
            ct_get_pointer(message.pointee.easy_handle, CURLINFO_PRIVATE, &context)
            guard let context else { continue }
            let token = Unmanaged<Transfer>.fromOpaque(context)._withUnsafeGuaranteedRef { $0.request.token }
            let code = ct_message_result(message)
            if !goesOutAgain(token: token, code: code) { end(token: token, code: code) }
            hasEnded = true
        }
        return hasEnded
    }

    /// Gives a request that met nothing but dead connections a new one; libcurl tries a handful of kept ones and gives up.
    ///
    /// Not one byte of it was sent, so that nobody can have answered it.
    private func goesOutAgain(token: Int, code: CURLcode) -> Bool {
        guard code == CURLE_SEND_ERROR, let (transfer, handle) = inFlight[token], transfer.ownEnd == nil,
            transfer.sendStamp.pointee.count == 0, handle.long(CURLINFO_NUM_CONNECTS) == 0
        else { return false }
        curl_multi_remove_handle(multi, handle.pointer)
        handle.insistOnNewConnection(true)
        return curl_multi_add_handle(multi, handle.pointer) == CURLM_OK
    }

    /// Ends a transfer, whether libcurl or the loop itself decided so.
    func end(token: Int, code: CURLcode) {
        guard let entry = inFlight.removeValue(forKey: token) else { return }
        let (transfer, handle) = entry
        let now = MonotonicClock.now()
        transfer.updateSent()
        transfer.end = transfer.ownEnd ?? TransportEnd(code, message: handle.errorMessage)
        transfer.connection = ConnectionPhases(handle)
        transfer.httpVersion = handle.httpVersion
        curl_multi_remove_handle(multi, handle.pointer)
        ct_disarm_send(transfer.sendStamp)
        idleHandles[ObjectIdentifier(transfer.request.target), default: []].append(handle)
        finish(transfer, at: now)
    }

    func finish(_ transfer: Transfer, at now: Instant) {
        transfer.closed = now
        source.transferEnded(EndedTransfer(transfer), at: now)
        ended.put(.ended(transfer))
    }
}

extension EndedTransfer {
    fileprivate init(_ transfer: Transfer) {
        self.init(
            token: transfer.request.token, end: transfer.end, status: transfer.status,
            headers: HeaderLines(bytes: transfer.headerLines), bytesReceived: transfer.log.byteCount)
    }
}

extension EasyHandle {
    fileprivate var httpVersion: String? {
        switch long(CURLINFO_HTTP_VERSION) {
        case Int(CURL_HTTP_VERSION_1_0): "1.0"
        case Int(CURL_HTTP_VERSION_1_1): "1.1"
        case Int(CURL_HTTP_VERSION_2_0): "2"
        default: nil
        }
    }
}

extension ConnectionPhases {
    /// Reads libcurl's phases, in microseconds from dispatch, into the length of each; a reused connection has none.
    fileprivate init(_ handle: EasyHandle) {
        let isNew = handle.long(CURLINFO_NUM_CONNECTS) > 0
        let lookup = handle.microseconds(CURLINFO_NAMELOOKUP_TIME_T)
        let connect = handle.microseconds(CURLINFO_CONNECT_TIME_T)
        let tls = handle.microseconds(CURLINFO_APPCONNECT_TIME_T)
        let address = handle.string(CURLINFO_PRIMARY_IP).flatMap { $0.isEmpty ? nil : $0 }
        self.init(
            isNew: isNew, nameLookup: isNew ? lookup : .zero, connect: isNew ? max(.zero, connect - lookup) : .zero,
            tls: isNew && tls > .zero ? max(.zero, tls - connect) : .zero,
            remoteAddress: address.map { "\($0):\(handle.long(CURLINFO_PRIMARY_PORT))" })
    }
}
