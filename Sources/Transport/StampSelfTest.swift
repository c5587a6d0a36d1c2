import CCurl
import CTransport
import Glibc
package import Timeline

/// Finds out, with one transfer on loopback, whether the hooks are reached and the kernel stamps what comes in.
package enum StampSelfTest {
    /// Which clock source a run will have, and why it is not the kernel's where it is not.
    package struct Verdict: Sendable, Equatable {
        package var source: ClockSource
        package var reason: String?

        package init(source: ClockSource, reason: String?) {
            self.source = source
            self.reason = reason
        }
    }

    /// Runs the test; takes about a millisecond.
    package static func run() -> Verdict {
        KeepStamping.once
        _ = CurlTransport(clockSource: .read)
        guard let server = OneShotServer() else {
            return Verdict(source: .read, reason: "the self-test found no loopback port")
        }
        let seen = observe(port: server.port)
        let sent = server.join()
        guard seen.isComplete, let sent else {
            return Verdict(source: .read, reason: "the self-test's transfer failed")
        }
        guard seen.send.count == 1, seen.read.sequence > 0 else {
            return Verdict(source: .read, reason: "libcurl does not call the receive hook on this system")
        }
        guard let kernel = seen.kernel else {
            return Verdict(source: .read, reason: "the kernel gives no receive timestamps")
        }
        // The sender's clock is this machine's too: a stamp before the send, or after the read, would be a lie.
        guard kernel >= sent - .milliseconds(0.001), kernel <= seen.reading else {
            return Verdict(source: .read, reason: "the kernel's receive timestamps contradict the clock")
        }
        return Verdict(source: .kernel, reason: nil)
    }

    private struct Observation {
        var isComplete = false
        var send = ct_send_stamp()
        var read = ct_read_stamp()
        var reading = Instant(nanoseconds: 0)

        var kernel: Instant? {
            guard read.kernel_ns != 0 else { return nil }
            var width: Int64 = 0
            return Instant(nanoseconds: read.kernel_ns + ct_monotonic_minus_realtime(200, &width))
        }
    }

    private static func observe(port: UInt16) -> Observation {
        guard let handle = curl_easy_init() else { return Observation() }
        defer { curl_easy_cleanup(handle) }
        let seen = UnsafeMutablePointer<Observation>.allocate(capacity: 1)
        seen.initialize(to: Observation())
        defer { seen.deallocate() }
        ct_set_string(handle, CURLOPT_URL, "http://127.0.0.1:\(port)/")
        ct_set_string(handle, CURLOPT_PROXY, "")
        ct_set_long(handle, CURLOPT_NOSIGNAL, 1)
        ct_set_long(handle, CURLOPT_TIMEOUT_MS, 2000)
        ct_set_pointer(handle, CURLOPT_WRITEDATA, seen)
        ct_set_data_function(handle, CURLOPT_WRITEFUNCTION) { _, size, count, context in
            guard let seen = context?.assumingMemoryBound(to: Observation.self) else { return 0 }
            seen.pointee.read = ct_latest_read(seen.pointee.send.descriptor)
            seen.pointee.reading = MonotonicClock.now()
            return size * count
        }
        ct_stamp_sockets(handle, Int32(CT_SOCKET_PLAIN))
        withUnsafeMutablePointer(to: &seen.pointee.send) { send in
            ct_stamp_sends(handle, send)
            seen.pointee.isComplete = curl_easy_perform(handle) == CURLE_OK
            ct_disarm_send(send)
        }
        return seen.pointee
    }
}

/// Keeps the kernel stamping for the life of the process: it stops when the last socket that asks for stamps is closed,
/// takes a moment to start again, and would stamp segments late meanwhile.
private enum KeepStamping {
    static let once: Void = {
        let keeper = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        ct_watch_socket(keeper, Int32(CT_SOCKET_PLAIN))
        ct_forget_socket(keeper)
        usleep(2000)
    }()
}

/// A server that answers one request on loopback and notes when it did.
private final class OneShotServer: @unchecked Sendable {
    // Invariant: `sent` is written by the thread before it ends and read after it was joined.
    let port: UInt16
    private let listener: Int32
    private var thread = pthread_t()
    private var sent: Instant?

    init?() {
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let isListening = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { generic in
                bind(listener, generic, length) == 0 && listen(listener, 1) == 0
                    && getsockname(listener, generic, &length) == 0
            }
        }
        port = UInt16(bigEndian: address.sin_port)
        guard isListening else {
            close(listener)
            return nil
        }
        let context = Unmanaged.passUnretained(self).toOpaque()
        pthread_create(
            &thread, nil,
            { context in
                if let context { Unmanaged<OneShotServer>.fromOpaque(context).takeUnretainedValue().answer() }
                return nil
            }, context)
    }

    private func answer() {
        var patience = timeval(tv_sec: 2, tv_usec: 0)
        setsockopt(listener, SOL_SOCKET, SO_RCVTIMEO, &patience, socklen_t(MemoryLayout<timeval>.size))
        let client = accept(listener, nil, nil)
        defer {
            close(client)
            close(listener)
        }
        var request = [UInt8](repeating: 0, count: 4096)
        guard client >= 0, read(client, &request, request.count) > 0 else { return }
        let response = Array("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nok".utf8)
        sent = MonotonicClock.now()
        _ = write(client, response, response.count)
    }

    /// Waits for the thread and returns when it sent its answer; nil where it did not.
    func join() -> Instant? {
        pthread_join(thread, nil)
        return sent
    }
}
