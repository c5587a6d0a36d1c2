import CTransport
import Glibc
import Testing

/// Two ends of one TCP connection on loopback, the client's watched.
final class WatchedPair {
    let client: Int32
    private(set) var server: Int32

    init(mode: Int) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(listener) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        client = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        let client = client
        let isConnected = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(listener, generic, length) == 0 && listen(listener, 1) == 0
                    && getsockname(listener, generic, &length) == 0 && connect(client, generic, length) == 0
            }
        }
        server = accept(listener, nil, nil)
        try #require(isConnected && server >= 0)
        var on: Int32 = 1
        setsockopt(server, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
        try #require(ct_watch_socket(client, Int32(mode)) == 0)
        // The kernel takes a moment before it stamps.
        usleep(5000)
    }

    deinit {
        ct_forget_socket(client)
        close(client)
        close(server)
    }

    func send(_ bytes: [UInt8]) { _ = Glibc.send(server, bytes, bytes.count, 0) }

    func send(_ text: String) { send(Array(text.utf8)) }

    /// Ends the connection with a TCP reset.
    func reset() {
        var atOnce = linger(l_onoff: 1, l_linger: 0)
        setsockopt(server, SOL_SOCKET, SO_LINGER, &atOnce, socklen_t(MemoryLayout<linger>.size))
        close(server)
        server = -1
    }

    /// Reads through the hook; the text and what is known of the read.
    func read(atMost room: Int = 16_384) -> (text: String, stamp: ct_read_stamp) {
        var buffer = [UInt8](repeating: 0, count: room)
        let count = recv(client, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        return (String(decoding: buffer.prefix(max(0, count)), as: UTF8.self), ct_latest_read(client))
    }

    /// Whether poll() says at once that the client can read, asked as libcurl asks.
    func canRead() -> Bool {
        var descriptor = pollfd(fd: client, events: Int16(POLLIN | POLLPRI | POLLRDNORM | POLLRDBAND), revents: 0)
        return poll(&descriptor, 1, 0) == 1 && descriptor.revents & Int16(POLLIN) != 0
    }
}
