import Glibc

/// One client's socket, used by one thread: it blocks, but for no longer than its patience.
final class WebConnection {
    /// More than any browser sends without a body.
    private static let headLimit = 16 << 10
    private static let patience = 10

    private let descriptor: Int32

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
        var patience = timeval(tv_sec: Self.patience, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &patience, size)
        setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &patience, size)
        var one: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
    }

    deinit { close(descriptor) }

    /// Reads the head of a request, without the empty line behind it; nil where the client went away before that.
    func readHead() throws(WebResponse) -> [UInt8]? {
        var bytes: [UInt8] = []
        var part = [UInt8](repeating: 0, count: 4096)
        while bytes.count <= Self.headLimit {
            let count = recv(descriptor, &part, part.count, 0)
            if count < 0, errno == EINTR { continue }
            if count < 0, errno == EAGAIN { throw .problem(408, "no request came") }
            guard count > 0 else { return nil }
            let searched = max(0, bytes.count - 3)
            bytes += part.prefix(count)
            if let end = Self.endOfHead(bytes, from: searched) { return Array(bytes[..<end]) }
        }
        throw .problem(431, "the request's head is larger than \(Self.headLimit) bytes")
    }

    private static func endOfHead(_ bytes: [UInt8], from start: Int) -> Int? {
        guard bytes.count >= 4 else { return nil }
        return (start...bytes.count - 4).first { bytes[$0..<$0 + 4].elementsEqual("\r\n\r\n".utf8) }
    }

    /// Sends a text; false where the client is gone or takes nothing.
    func send(_ text: String) -> Bool {
        var text = text
        return text.withUTF8 { bytes in
            var offset = 0
            while offset < bytes.count {
                let count = Glibc.send(
                    descriptor, bytes.baseAddress.map { $0 + offset }, bytes.count - offset,
                    Int32(MSG_NOSIGNAL))
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return false }
                offset += count
            }
            return true
        }
    }

    /// Waits; false once the client has closed its side, which ends a stream that nobody reads.
    func wait(milliseconds: Int32) -> Bool {
        var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
        return poll(&request, 1, milliseconds) == 0
    }

    /// Ends the sending side and lets what the client still sends run out, so that a reset does not eat the response.
    func finish() {
        shutdown(descriptor, Int32(SHUT_WR))
        var one = timeval(tv_sec: 1, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &one, socklen_t(MemoryLayout<timeval>.size))
        var rest = [UInt8](repeating: 0, count: 4096)
        var budget = 64
        while budget > 0, recv(descriptor, &rest, rest.count, 0) > 0 { budget -= 1 }
    }
}
