import ArgumentParser
import Glibc

/// Where a server listens: an IP address and a port, such as `127.0.0.1:8642` or `[::1]:0`.
struct WebAddress: Sendable, Equatable, CustomStringConvertible {
    private(set) var host: String
    private(set) var port: UInt16

    /// Where `ttft serve` listens unless it is told otherwise.
    static let standard = WebAddress(host: "127.0.0.1", port: 8642)

    private init(host: String, port: UInt16) { (self.host, self.port) = (host, port) }

    /// Takes only addresses, since a name could mean one today and another tomorrow.
    init?(_ text: String) {
        guard let colon = text.lastIndex(of: ":"), let port = UInt16(text[text.index(after: colon)...]) else {
            return nil
        }
        var host = String(text[..<colon])
        if host.hasPrefix("["), host.hasSuffix("]") { host = String(host.dropFirst().dropLast()) }
        guard Self.isIPv4(host) || Self.isIPv6(host) else { return nil }
        self.host = host
        self.port = port
    }

    var description: String { host.contains(":") ? "[\(host)]:\(port)" : "\(host):\(port)" }

    var isLoopback: Bool { host == "::1" || host.hasPrefix("127.") }

    static func isIPv4(_ text: String) -> Bool {
        var address = in_addr()
        return inet_pton(AF_INET, text, &address) == 1
    }

    static func isIPv6(_ text: String) -> Bool {
        var address = in6_addr()
        return inet_pton(AF_INET6, text, &address) == 1
    }

    /// Opens a listening socket; port 0 becomes a free one.
    func listen() throws -> (descriptor: Int32, address: WebAddress) {
        let isIPv4 = Self.isIPv4(host)
        let descriptor = socket(
            isIPv4 ? AF_INET : AF_INET6, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0)
        var one: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
        let isBound = isIPv4 ? bindIPv4(descriptor) : bindIPv6(descriptor)
        guard descriptor >= 0, isBound, Glibc.listen(descriptor, 128) == 0 else {
            let reason = String(cString: strerror(errno))
            close(descriptor)
            throw Complaint("--listen \(self): \(reason)", ExitStatus.failure)
        }
        var bound = sockaddr_in6()
        var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        _ = withUnsafeMutablePointer(to: &bound) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { getsockname(descriptor, $0, &length) }
        }
        var address = self
        // IPv4 and IPv6 have the port at the same place.
        address.port = UInt16(bigEndian: bound.sin6_port)
        return (descriptor, address)
    }

    private func bindIPv4(_ descriptor: Int32) -> Bool {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        inet_pton(AF_INET, host, &address.sin_addr)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
    }

    private func bindIPv6(_ descriptor: Int32) -> Bool {
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_port = port.bigEndian
        inet_pton(AF_INET6, host, &address.sin6_addr)
        return withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in6>.size)) == 0
            }
        }
    }
}

extension WebAddress: ExpressibleByArgument {
    init?(argument: String) { self.init(argument) }
}
