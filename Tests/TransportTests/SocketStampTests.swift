import CTransport
import Glibc
import Testing
import Timeline

/// Two ends of one TCP connection on loopback, the client's watched.
private final class WatchedPair {
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
    func read() -> (text: String, stamp: ct_read_stamp) {
        var buffer = [UInt8](repeating: 0, count: 16_384)
        let count = recv(client, &buffer, buffer.count, Int32(MSG_DONTWAIT))
        return (String(decoding: buffer.prefix(max(0, count)), as: UTF8.self), ct_latest_read(client))
    }
}

@Suite("Socket stamps", .serialized)
struct SocketStampTests {
    @Test func `each event is read by itself, and only the last one's stamp is its own for certain`() throws {
        let pair = try WatchedPair(mode: CT_SOCKET_PLAIN)
        pair.send("data: a\n\ndata: b\n\ndata: c")
        let (first, firstStamp) = pair.read()
        let (second, secondStamp) = pair.read()
        let (third, thirdStamp) = pair.read()
        #expect([first, second, third] == ["data: a\n\n", "data: b\n\n", "data: c"])
        #expect([firstStamp, secondStamp, thirdStamp].map(\.may_be_merged) == [1, 1, 0])
        #expect(firstStamp.sequence + 1 == secondStamp.sequence && secondStamp.sequence + 1 == thirdStamp.sequence)
        #expect(pair.read().text == "")
    }

    @Test(arguments: ["\n\n", "\r\n\r\n", "\r\r", "\n\r", "\r\n\r", "\r\n\n", "\n\r\n"])
    func `every blank line that the standard knows ends a read`(blankLine: String) throws {
        let pair = try WatchedPair(mode: CT_SOCKET_PLAIN)
        pair.send("data: a\(blankLine)data: b\(blankLine)")
        #expect(pair.read().text == "data: a\(blankLine)")
        #expect(pair.read().text == "data: b\(blankLine)")
    }

    @Test func `a blank line split over two reads ends the second`() throws {
        let pair = try WatchedPair(mode: CT_SOCKET_PLAIN)
        pair.send("data: a\n")
        #expect(pair.read().text == "data: a\n")
        pair.send("\ndata: b\n\n")
        #expect(pair.read().text == "\n")
        #expect(pair.read().text == "data: b\n\n")
    }

    @Test func `a chunk's closing line end is read with its event until it is seen to come alone`() throws {
        let pair = try WatchedPair(mode: CT_SOCKET_PLAIN)
        pair.send("9\r\ndata: a\n\n\r\n9\r\ndata: b\n\n")
        #expect(pair.read().text == "9\r\ndata: a\n\n\r\n")
        #expect(pair.read().text == "9\r\ndata: b\n\n")
        pair.send("\r\n9\r\ndata: c\n\n\r\n")
        #expect(pair.read().text == "\r\n")
        let (third, stamp) = pair.read()
        #expect(third == "9\r\ndata: c\n\n")
        #expect(stamp.may_be_merged == 1)
    }

    @Test func `a stamp may be that of the peer's hanging up`() throws {
        let pair = try WatchedPair(mode: CT_SOCKET_PLAIN)
        pair.send("data: a\n\n")
        shutdown(pair.server, Int32(SHUT_WR))
        usleep(2000)
        let (text, stamp) = pair.read()
        #expect(text == "data: a\n\n")
        #expect(stamp.may_be_merged == 1)
    }

    @Test func `a reset that came with the last bytes is still told`() throws {
        let pair = try WatchedPair(mode: CT_SOCKET_PLAIN)
        pair.send("data: a\n\n")
        pair.reset()
        usleep(20_000)
        #expect(pair.read().text == "data: a\n\n")
        var buffer = [UInt8](repeating: 0, count: 16)
        for flags in [MSG_PEEK, MSG_DONTWAIT] {
            #expect(recv(pair.client, &buffer, buffer.count, Int32(flags)) == -1)
            #expect(errno == ECONNRESET)
        }
        #expect(recv(pair.client, &buffer, buffer.count, Int32(MSG_DONTWAIT)) == 0)
    }

    @Test func `the socket was last seen empty when a read emptied it or found nothing`() throws {
        let pair = try WatchedPair(mode: CT_SOCKET_PLAIN)
        pair.send("data: a\n\n")
        let beforeFirst = MonotonicClock.now()
        _ = pair.read()
        usleep(2000)
        pair.send("data: b\n\n")
        let (_, second) = pair.read()
        #expect(second.seen_empty_ns >= beforeFirst.nanoseconds)
        let beforeNothing = MonotonicClock.now()
        _ = pair.read()
        pair.send("data: c\n\n")
        let afterNothing = MonotonicClock.now()
        let (_, third) = pair.read()
        #expect(beforeNothing.nanoseconds...afterNothing.nanoseconds ~= third.seen_empty_ns)
    }

    @Test func `a frame of HTTP/2 in the clear is read by itself, wherever its bytes are split`() throws {
        func frame(_ text: String) -> [UInt8] { [0, 0, UInt8(text.utf8.count), 0, 0, 0, 0, 0, 1] + Array(text.utf8) }
        let pair = try WatchedPair(mode: CT_SOCKET_FRAMES)
        pair.send(frame("one\n\nand more") + frame("") + frame("two").prefix(4))
        #expect(pair.read().text.hasSuffix("one\n\nand more"))
        #expect(pair.read().text.utf8.count == 9)
        #expect(pair.read().text.utf8.count == 4)
        pair.send(frame("two").dropFirst(4) + frame("three"))
        #expect(pair.read().text.hasSuffix("two"))
        #expect(pair.read().text.hasSuffix("three"))
    }

    @Test func `a look at an idle connection takes nothing and stamps nothing`() throws {
        let pair = try WatchedPair(mode: CT_SOCKET_PLAIN)
        pair.send("data: a\n\n")
        usleep(2000)
        var byte: UInt8 = 0
        #expect(recv(pair.client, &byte, 1, Int32(MSG_PEEK)) == 1)
        #expect(ct_latest_read(pair.client).sequence == 0)
        #expect(pair.read().text == "data: a\n\n")
    }

    @Test func `a descriptor that is used again starts afresh`() throws {
        let pair = try WatchedPair(mode: CT_SOCKET_PLAIN)
        pair.send("data: a\n\n")
        _ = pair.read()
        ct_forget_socket(pair.client)
        #expect(ct_latest_read(pair.client).sequence == 0)
        ct_watch_socket(pair.client, Int32(CT_SOCKET_PLAIN))
        #expect(ct_latest_read(pair.client).sequence == 0)
    }

    @Test func `a send stamp takes the next send alone, unless it was disarmed`() throws {
        let pair = try WatchedPair(mode: CT_SOCKET_PLAIN)
        let stamp = UnsafeMutablePointer<ct_send_stamp>.allocate(capacity: 1)
        stamp.initialize(to: ct_send_stamp())
        defer { stamp.deallocate() }
        ct_arm_send(stamp)
        let before = MonotonicClock.now()
        pair.send("a")
        let after = MonotonicClock.now()
        pair.send("b")
        #expect(stamp.pointee.count == 1)
        #expect(stamp.pointee.descriptor == pair.server)
        #expect(before.nanoseconds...after.nanoseconds ~= stamp.pointee.send_ns)
        ct_arm_send(stamp)
        ct_disarm_send(stamp)
        pair.send("c")
        #expect(stamp.pointee.count == 1)
    }
}
