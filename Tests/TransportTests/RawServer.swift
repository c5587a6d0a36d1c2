import Foundation
import Glibc
import Synchronization
import Timeline

/// A server on loopback that does with each connection what a test tells it to, byte by byte.
final class RawServer: Sendable {
    struct CannotListen: Error {}

    let port: UInt16
    private let listener: Int32
    private let serve: @Sendable (RawConnection) -> Void
    private let running = DispatchGroup()

    /// Listens; every connection is served by a thread of its own and closed when `serve` returns.
    init(_ serve: @escaping @Sendable (RawConnection) -> Void) throws {
        self.serve = serve
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(listener, generic, length) == 0 && listen(listener, 1024) == 0
                    && getsockname(listener, generic, &length) == 0
            }
        }
        port = UInt16(bigEndian: address.sin_port)
        guard isListening else { throw CannotListen() }
        running.enter()
        Thread(block: acceptAll).start()
    }

    var url: String { "http://127.0.0.1:\(port)/" }

    @Sendable private func acceptAll() {
        defer { running.leave() }
        var number = 0
        while true {
            let descriptor = accept(listener, nil, nil)
            guard descriptor >= 0 else { return }
            number += 1
            let connection = RawConnection(descriptor: descriptor, number: number)
            running.enter()
            Thread {
                self.serve(connection)
                connection.close()
                self.running.leave()
            }.start()
        }
    }

    /// Accepts no more, and waits until every connection was served.
    func stop() {
        shutdown(listener, Int32(SHUT_RDWR))
        running.wait()
        close(listener)
    }
}

/// One client of a raw server, on the thread that serves it.
final class RawConnection: @unchecked Sendable {
    // Invariant: used by the thread that serves it alone.
    private let descriptor: Int32
    private var isOpen = true
    /// Counts from 1, in the order in which connections were accepted.
    let number: Int

    init(descriptor: Int32, number: Int) {
        self.descriptor = descriptor
        self.number = number
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    /// Reads a request's head and body; nil where the client has hung up.
    func readRequest() -> String? {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65_536)
        while true {
            let text = String(decoding: bytes, as: UTF8.self)
            if let head = text.range(of: "\r\n\r\n") {
                let length = text[..<head.lowerBound].split(separator: "\r\n").compactMap { line in
                    line.lowercased().hasPrefix("content-length:") ? Int(line.dropFirst(16)) : nil
                }
                if text[head.upperBound...].utf8.count >= length.first ?? 0 { return text }
            }
            let count = read(descriptor, &buffer, buffer.count)
            guard count > 0 else { return nil }
            bytes += buffer[..<count]
        }
    }

    /// Sends bytes; returns the instants just before the call and just after it.
    @discardableResult
    func send(_ bytes: some Collection<UInt8>) -> (before: Instant, after: Instant) {
        let bytes = Array(bytes)
        var position = 0
        let before = MonotonicClock.now()
        while position < bytes.count {
            let count = bytes.withUnsafeBytes { buffer in
                Glibc.send(
                    descriptor, buffer.baseAddress.map { $0 + position }, bytes.count - position, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { break }
            position += count
        }
        return (before, MonotonicClock.now())
    }

    @discardableResult
    func send(_ text: String) -> (before: Instant, after: Instant) { send(text.utf8) }

    /// Waits until the client hangs up.
    func waitForHangUp() {
        var byte: UInt8 = 0
        while read(descriptor, &byte, 1) > 0 {}
    }

    /// Closes with a reset in place of an orderly end.
    func reset() {
        var patience = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &patience, socklen_t(MemoryLayout<linger>.size))
        close()
    }

    func close() {
        guard isOpen else { return }
        isOpen = false
        Glibc.close(descriptor)
    }
}
