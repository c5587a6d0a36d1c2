import CCurl
import CTransport
import Glibc
import Testing
import Timeline

@testable import Transport

@Suite("Arrival clock")
struct ArrivalClockTests {
    private let clock = ArrivalClock(source: .kernel)

    /// What the wall clock says at an instant of the monotonic one, by reads that the clock under test has no part in.
    private func wallClock(at instant: Instant) -> Int64 {
        (0..<200).map { _ in
            let before = MonotonicClock.now()
            let wall = MonotonicClock.wallClockLabel()
            let after = MonotonicClock.now()
            return (width: after - before, wall: wall - after.nanoseconds + instant.nanoseconds)
        }.min { $0.width < $1.width }?.wall ?? 0
    }

    private func stamp(
        kernel: Instant, seenEmpty: Instant, emptied: Instant? = nil, mayBeMerged: Bool = false, reading: Instant
    ) -> ArrivalStamp {
        let read = ct_read_stamp(
            kernel_ns: wallClock(at: kernel), seen_empty_ns: seenEmpty.nanoseconds,
            emptied_ns: (emptied ?? seenEmpty).nanoseconds, may_be_merged: mayBeMerged ? 1 : 0, sequence: 1)
        return clock.stamp(read, reading: reading, previous: Instant(nanoseconds: 0))
    }

    @Test func `a kernel stamp becomes an instant of the monotonic clock`() {
        let now = MonotonicClock.now()
        let stamp = stamp(
            kernel: now - .milliseconds(2), seenEmpty: now - .milliseconds(10), reading: now)
        #expect(abs((stamp.arrival - (now - .milliseconds(2))).count) < 5_000)
        #expect(stamp.reading == now)
        #expect(stamp.lateBound == ArrivalClock.floor)
    }

    @Test func `a stamp that may be a later segment's is late by no more than since the socket was seen empty`() {
        let now = MonotonicClock.now()
        let stamp = stamp(
            kernel: now - .milliseconds(2), seenEmpty: now - .milliseconds(10), mayBeMerged: true, reading: now)
        #expect(abs(stamp.lateBound.milliseconds - 8) < 0.005)
    }

    @Test func `a look that found the socket empty later than any read bounds a stamp more closely`() {
        let now = MonotonicClock.now()
        let stamp = stamp(
            kernel: now - .milliseconds(2), seenEmpty: now - .milliseconds(3), emptied: now - .milliseconds(10),
            mayBeMerged: true, reading: now)
        #expect(abs(stamp.lateBound.milliseconds - 1) < 0.005)
    }

    @Test func `a look between a segment's stamp and its queueing costs it neither its stamp nor its bound`() {
        let now = MonotonicClock.now()
        let kernel = now - .milliseconds(2)
        let (look, emptied) = (now - .milliseconds(1), now - .milliseconds(10))
        let alone = stamp(kernel: kernel, seenEmpty: look, emptied: emptied, reading: now)
        #expect(abs((alone.arrival - kernel).count) < 5_000)
        #expect(alone.lateBound == ArrivalClock.floor)
        let merged = stamp(kernel: kernel, seenEmpty: look, emptied: emptied, mayBeMerged: true, reading: now)
        #expect(abs(merged.lateBound.milliseconds - 8) < 0.005)
    }

    @Test(arguments: [-30.0, 30.0])
    func `a stamp from before the wall clock was stepped is not believed`(milliseconds: Double) {
        let now = MonotonicClock.now()
        let stamp = stamp(
            kernel: now - .milliseconds(2) + .milliseconds(milliseconds), seenEmpty: now - .milliseconds(10),
            reading: now)
        #expect(stamp.arrival == now)
        #expect(stamp.lateBound == .milliseconds(10))
    }

    @Test func `a segment stamped shortly before its socket was seen empty keeps its stamp`() {
        let now = MonotonicClock.now()
        let kernel = now - .milliseconds(2)
        let stamp = stamp(kernel: kernel, seenEmpty: kernel + .milliseconds(0.02), reading: now)
        #expect(abs((stamp.arrival - kernel).count) < 5_000)
        #expect(stamp.lateBound == ArrivalClock.floor)
    }

    @Test func `no arrival is after its reading`() {
        let now = MonotonicClock.now()
        let stamp = stamp(
            kernel: now + .milliseconds(0.003), seenEmpty: now - .milliseconds(10), reading: now)
        #expect(stamp.arrival == now)
        #expect(stamp.lateBound == ArrivalClock.floor)
    }

    @Test func `without a kernel stamp the reading is the arrival, late by no more than since the socket was empty`() {
        let now = MonotonicClock.now()
        let bare = ct_read_stamp()
        let previous = now - .milliseconds(7)
        let stamp = clock.stamp(bare, reading: now, previous: previous)
        #expect(stamp.arrival == now)
        #expect(stamp.lateBound == .milliseconds(7))
        let hooked = ct_read_stamp(
            kernel_ns: wallClock(at: now), seen_empty_ns: (now - .milliseconds(3)).nanoseconds,
            emptied_ns: (now - .milliseconds(9)).nanoseconds, may_be_merged: 0, sequence: 1)
        let unwanted = ArrivalClock(source: .read).stamp(hooked, reading: now, previous: previous)
        #expect(unwanted.arrival == now)
        #expect(unwanted.lateBound == .milliseconds(3))
    }

    @Test(arguments: [
        (CURLE_OK, "", TransportEnd.clean),
        (CURLE_COULDNT_RESOLVE_HOST, "a", .connectFailed(message: "a")),
        (CURLE_COULDNT_CONNECT, "b", .connectFailed(message: "b")),
        (CURLE_PEER_FAILED_VERIFICATION, "c", .tlsFailed(message: "c")),
        (CURLE_SSL_CONNECT_ERROR, "d", .tlsFailed(message: "d")),
        (CURLE_SSL_CACERT_BADFILE, "e", .tlsFailed(message: "e")),
        (CURLE_OPERATION_TIMEDOUT, "f", .timedOut(.connect)),
        (CURLE_PARTIAL_FILE, "g", .cutShort(message: "g")),
        (CURLE_UNSUPPORTED_PROTOCOL, "h", .malformedHTTP(message: "h")),
        (CURLE_WEIRD_SERVER_REPLY, "i", .malformedHTTP(message: "i")),
        (
            CURLE_RECV_ERROR, "Recv failure: Connection reset by peer",
            .broken(message: "Recv failure: Connection reset by peer")
        ),
        (CURLE_RECV_ERROR, "OpenSSL SSL_read: eof", .broken(message: "OpenSSL SSL_read: eof")),
        (
            CURLE_RECV_ERROR, "Illegal or missing hexadecimal sequence",
            .malformedHTTP(message: "Illegal or missing hexadecimal sequence")
        ),
        (CURLE_GOT_NOTHING, "j", .cutShort(message: "j")),
        (CURLE_SEND_ERROR, "k", .broken(message: "k")),
        (CURLE_HTTP2, "l", .broken(message: "l")),
        (CURLE_HTTP2_STREAM, "m", .broken(message: "m")),
        (CURLE_GOT_NOTHING, "", .cutShort(message: "Server returned nothing (no headers, no data)")),
    ])
    func `each of libcurl's codes has its class`(code: CURLcode, message: String, expected: TransportEnd) {
        #expect(TransportEnd(code, message: message) == expected)
    }
}
