import CTransport
import Glibc
import Testing
import Timeline

@Suite("Socket stamps", .serialized)
struct SocketStampTests {
    @Test func `each event is read by itself, and events of one segment bear its stamp for certain`() throws {
        let pair = try WatchedPair(mode: CT_SOCKET_PLAIN)
        pair.send("data: a\n\ndata: b\n\ndata: c")
        let (first, firstStamp) = pair.read()
        let (second, secondStamp) = pair.read()
        let (third, thirdStamp) = pair.read()
        #expect([first, second, third] == ["data: a\n\n", "data: b\n\n", "data: c"])
        #expect([firstStamp, secondStamp, thirdStamp].map(\.may_be_merged) == [0, 0, 0])
        #expect(firstStamp.kernel_ns == secondStamp.kernel_ns && secondStamp.kernel_ns == thirdStamp.kernel_ns)
        #expect(firstStamp.sequence + 1 == secondStamp.sequence && secondStamp.sequence + 1 == thirdStamp.sequence)
        #expect(pair.read().text == "")
    }

    @Test func `events that wait together are read as they would be one by one`() throws {
        let pieces = ["data: a\n\n", "\n", "data: b\n\n", "data: c\n\n", ": x"]
        let together = try WatchedPair(mode: CT_SOCKET_PLAIN)
        together.send(pieces.joined())
        #expect(pieces.map { _ in together.read().text } == pieces)
        let apart = try WatchedPair(mode: CT_SOCKET_PLAIN)
        let found = pieces.map { piece in
            apart.send(piece)
            return apart.read().text
        }
        #expect(found == pieces)
    }

    @Test func `an event that has no room in a buffer is read on to its end, and no further`() throws {
        let pair = try WatchedPair(mode: CT_SOCKET_PLAIN)
        pair.send("data: a\n\ndata: b\n\ndata: c\n\ndata: d\n\n")
        #expect(pair.read().text == "data: a\n\n")
        #expect(
            [5, 16, 16, 16].map { pair.read(atMost: $0).text } == ["data:", " b\n\n", "data: c\n\n", "data: d\n\n"])
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
        #expect(stamp.may_be_merged == 0)
    }

    @Test(arguments: [1, 2, 5])
    func `a stamp that is said to be an event's own is no later than its send`(eventsPerSend: Int) throws {
        let pair = try WatchedPair(mode: CT_SOCKET_PLAIN)
        var doubtful = 0
        for _ in 0..<10 {
            // Three segments wait together, so that the kernel may merge them, and then one waits alone.
            for segments in [3, 1] {
                let sent = (0..<segments).map { _ in
                    pair.send(String(repeating: "data: a\n\n", count: eventsPerSend))
                    defer { usleep(500) }
                    return MonotonicClock.wallClockLabel()
                }
                for index in 0..<(segments * eventsPerSend) {
                    let (text, stamp) = pair.read()
                    #expect(text == "data: a\n\n")
                    if stamp.may_be_merged == 0 {
                        #expect(stamp.kernel_ns <= sent[index / eventsPerSend])
                    } else {
                        #expect(segments > 1)
                        doubtful += 1
                    }
                }
            }
        }
        #expect(doubtful > 0)
    }

    @Test func `where no stamp is asked for, all that waits is read at once, and may have come since the last read`()
        throws
    {
        let pair = try WatchedPair(mode: CT_SOCKET_WHOLE)
        pair.send("data: a\n\n")
        _ = pair.read()
        let between = MonotonicClock.now().nanoseconds
        pair.send("data: b\n\ndata: c\n\n")
        usleep(5000)
        let (text, stamp) = pair.read()
        #expect(text == "data: b\n\ndata: c\n\n")
        #expect(stamp.kernel_ns == 0 && stamp.may_be_merged == 1)
        #expect(stamp.emptied_ns > 0 && stamp.emptied_ns <= between)
        #expect(pair.read().text == "")
    }

    @Test(arguments: [CT_SOCKET_PLAIN, CT_SOCKET_WHOLE])
    func `in one call, a poll after a read tells what the read left, and in the next call what is there`(
        mode: Int
    ) throws {
        let pair = try WatchedPair(mode: mode)
        ct_begin_action()
        #expect(!pair.canRead())
        pair.send("data: a\n\n")
        usleep(5000)
        #expect(pair.canRead())
        _ = pair.read()
        pair.send("data: b\n\n")
        usleep(5000)
        #expect(!pair.canRead())
        // Elsewhere the C library's answer counts.
        ct_end_action()
        #expect(pair.canRead())
        ct_begin_action()
        defer { ct_end_action() }
        #expect(pair.canRead())
    }

    @Test func `in one call, a poll after the first of two events tells that another waits`() throws {
        let pair = try WatchedPair(mode: CT_SOCKET_PLAIN)
        let other = try WatchedPair(mode: CT_SOCKET_PLAIN)
        other.send("data: c\n\n")
        pair.send("data: a\n\ndata: b\n\n")
        ct_begin_action()
        defer { ct_end_action() }
        _ = pair.read()
        #expect(pair.canRead())
        #expect(other.canRead())
        _ = pair.read()
        #expect(!pair.canRead())
        #expect(other.canRead())
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

    @Test func `a look tells a later instant at which the socket was empty, and never an earlier one`() throws {
        let pair = try WatchedPair(mode: CT_SOCKET_PLAIN)
        let before = MonotonicClock.now()
        _ = pair.read()
        let look = MonotonicClock.now()
        for instant in [look, before - .milliseconds(5)] { ct_saw_empty(pair.client, instant.nanoseconds) }
        pair.send("data: a\n\n")
        let (_, stamp) = pair.read()
        #expect(stamp.seen_empty_ns == look.nanoseconds)
        #expect(before.nanoseconds..<look.nanoseconds ~= stamp.emptied_ns)
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
