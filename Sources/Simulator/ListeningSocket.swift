import Glibc

/// A loopback socket that accepts clients.
struct ListeningSocket: Sendable {
    let descriptor: Int32
    let port: UInt16

    /// Listens on `127.0.0.1` or `::1`; port 0 takes any free one.
    init(host: String, port: UInt16) throws(SimulatorError) {
        guard host == "127.0.0.1" || host == "::1" else { throw .invalidHost(host) }
        let family = host == "::1" ? AF_INET6 : AF_INET
        let type = Int32(SOCK_STREAM.rawValue | SOCK_NONBLOCK.rawValue | SOCK_CLOEXEC.rawValue)
        descriptor = socket(family, type, 0)
        var one: Int32 = 1
        setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &one, socklen_t(MemoryLayout<Int32>.size))
        // The accepted sockets inherit it; BBR would pace the sends with timers of its own, even on loopback.
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_CONGESTION, "reno", 4)
        let bound = host == "::1" ? Self.bindIPv6(descriptor, port) : Self.bindIPv4(descriptor, port)
        guard descriptor >= 0, bound, listen(descriptor, 4096) == 0 else {
            let reason = systemErrorText()
            Glibc.close(descriptor)
            throw .cannotBind(host: host, port: port, reason: reason)
        }
        self.port = Self.port(family, of: descriptor, getsockname)
    }

    private static func bindIPv4(_ descriptor: Int32, _ port: UInt16) -> Bool {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = INADDR_LOOPBACK.bigEndian
        return bind(descriptor, &address)
    }

    private static func bindIPv6(_ descriptor: Int32, _ port: UInt16) -> Bool {
        var address = sockaddr_in6()
        address.sin6_family = sa_family_t(AF_INET6)
        address.sin6_port = port.bigEndian
        address.sin6_addr = in6addr_loopback
        return bind(descriptor, &address)
    }

    private static func bind<Address>(_ descriptor: Int32, _ address: inout Address) -> Bool {
        withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                Glibc.bind(descriptor, $0, socklen_t(MemoryLayout<Address>.size)) == 0
            }
        }
    }

    /// Reads a port from a socket's own or its peer's address; IPv4 and IPv6 have it at the same place.
    private static func port(
        _ family: Int32, of descriptor: Int32,
        _ read: (Int32, UnsafeMutablePointer<sockaddr>, UnsafeMutablePointer<socklen_t>) -> Int32
    ) -> UInt16 {
        var address = sockaddr_in6()
        var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        _ = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { read(descriptor, $0, &length) }
        }
        return UInt16(bigEndian: address.sin6_port)
    }

    /// Accepts a client that waits; nil where none does.
    func accept() -> (descriptor: Int32, port: UInt16)? {
        let client = Glibc.accept(descriptor, nil, nil)
        guard client >= 0 else { return nil }
        _ = fcntl(client, F_SETFL, O_NONBLOCK)
        _ = fcntl(client, F_SETFD, FD_CLOEXEC)
        var one: Int32 = 1
        setsockopt(client, Int32(IPPROTO_TCP), TCP_NODELAY, &one, socklen_t(MemoryLayout<Int32>.size))
        return (client, Self.port(AF_INET6, of: client, getpeername))
    }

    func close() { Glibc.close(descriptor) }
}
