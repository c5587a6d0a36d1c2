import Glibc
import Simulator

/// A blocking socket that knows no HTTP, so that tests see the very bytes.
final class RawClient {
    struct Failure: Error {
        var reason: String
    }

    private let descriptor: Int32
    /// All bytes received so far.
    private(set) var received: [UInt8] = []
    /// The error that ended the last read: `ECONNRESET` after a reset, 0 after a good end.
    private(set) var lastError: Int32 = 0

    init(_ server: SimulatedServer) throws {
        descriptor = socket(server.host == "::1" ? AF_INET6 : AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        let result: Int32
        if server.host == "::1" {
            var address = sockaddr_in6()
            address.sin6_family = sa_family_t(AF_INET6)
            address.sin6_port = server.port.bigEndian
            address.sin6_addr = in6addr_loopback
            result = Self.connect(descriptor, &address)
        } else {
            var address = sockaddr_in()
            address.sin_family = sa_family_t(AF_INET)
            address.sin_port = server.port.bigEndian
            address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
            result = Self.connect(descriptor, &address)
        }
        guard result == 0 else { throw Failure(reason: "connect: errno \(errno)") }
        var limit = timeval(tv_sec: 10, tv_usec: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, socklen_t(MemoryLayout<timeval>.size))
    }

    private static func connect<Address>(_ descriptor: Int32, _ address: inout Address) -> Int32 {
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.connect(descriptor, $0, socklen_t(MemoryLayout<Address>.size))
            }
        }
    }

    deinit { close(descriptor) }

    var text: String { String(decoding: received, as: UTF8.self) }

    func send(_ text: String) { send(Array(text.utf8)) }

    func send(_ bytes: [UInt8]) {
        _ = bytes.withUnsafeBytes { Glibc.send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
    }

    /// Sends a POST with a body.
    func post(_ path: String, _ body: String, headers: String = "") {
        send("POST \(path) HTTP/1.1\r\nHost: test\r\nContent-Length: \(body.utf8.count)\r\n\(headers)\r\n\(body)")
    }

    /// Reads once; false at the end of the connection, after an error, or after ten silent seconds.
    func readOnce() -> Bool {
        var buffer = [UInt8](repeating: 0, count: 65536)
        let count = recv(descriptor, &buffer, buffer.count, 0)
        lastError = count < 0 ? errno : 0
        guard count > 0 else { return false }
        received += buffer[..<count]
        return true
    }

    /// Reads until the text holds something, and throws where the connection ends first.
    func read(until end: String) throws {
        let pattern = Array(end.utf8)
        var searched = 0
        while received[searched...].firstRange(of: pattern) == nil {
            searched = max(0, received.count - pattern.count)
            guard readOnce() else { throw Failure(reason: "no '\(end)' in: \(text.suffix(2000))") }
        }
    }

    /// Reads until what has arrived ends with something: for large answers, where searching takes long.
    func read(untilSuffix end: String) throws {
        while !received.suffix(end.utf8.count).elementsEqual(end.utf8) {
            guard readOnce() else { throw Failure(reason: "no '\(end)' at the end of \(received.count) bytes") }
        }
    }

    /// Reads to the end of the connection.
    func readToEnd() {
        while readOnce() {}
    }

    /// Forgets what was received, before the next request.
    func forget() { received = [] }

    /// The body of the chunked answer that was received, without its framing; nil where the framing is broken.
    var unchunkedBody: String? {
        guard let head = text.firstRange(of: "\r\n\r\n") else { return nil }
        var rest = Array(text[head.upperBound...].utf8)[...]
        var body: [UInt8] = []
        while let end = rest.firstIndex(of: 0x0d) {
            guard let size = Int(String(decoding: rest[rest.startIndex..<end], as: UTF8.self), radix: 16) else {
                return nil
            }
            let start = end + 2
            guard rest.endIndex >= start + size + 2 else { return nil }
            if size == 0 { return String(decoding: body, as: UTF8.self) }
            body += rest[start..<start + size]
            guard rest[start + size] == 0x0d, rest[start + size + 1] == 0x0a else { return nil }
            rest = rest[(start + size + 2)...]
        }
        return nil
    }

    /// The data of the server-sent events in a chunked answer that is whole.
    var events: [String] {
        (unchunkedBody ?? "").split(separator: "\n").filter { $0.hasPrefix("data: ") }.map { String($0.dropFirst(6)) }
    }
}
