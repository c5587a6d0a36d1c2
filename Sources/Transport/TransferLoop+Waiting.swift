import CTransport
import Glibc
import Timeline

extension TransferLoop {
    /// How long the loop leaves its sockets unlooked at while answers come; nil where it wakes up for nothing but them.
    ///
    /// Events that the kernel merged while they waited can have come at any time since the latest look.
    /// Few streams leave a core idle, and a wake-up costs about 25 µs of it. With many streams it would be dear, and their
    /// arrivals wake the loop anyway.
    private var longestBlindness: Nanoseconds? {
        !inFlight.isEmpty && inFlight.count <= Self.fewStreams ? .milliseconds(0.5) : nil
    }
    private static let fewStreams = 16

    /// Waits for sockets with something to do, and notes of each of them when it still was empty; returns their number.
    func waitForSockets(into events: UnsafeMutablePointer<epoll_event>, until due: Instant?) -> Int {
        while true {
            let start = MonotonicClock.now()
            let wait = longestWait(from: start, until: due)
            let count = Int(ct_poll_wait(poll, events, Int32(Self.eventCapacity), wait?.count ?? -1))
            guard count >= 0 else { return 0 }
            // When the time is over, the kernel looks once more.
            let look = count == 0 ? start + (wait ?? .zero) : start
            looks.look(
                at: look, reporting: Self.descriptors(of: events, count),
                isComplete: count < Self.eventCapacity
            ) { ct_saw_empty($0, $1.nanoseconds) }
            let isDue = due.map { $0 <= look } ?? false
            if count > 0 || isDue { return count }
        }
    }

    private func longestWait(from start: Instant, until due: Instant?) -> Nanoseconds? {
        let untilDue = due.map { max(.zero, $0 - start) }
        guard let longestBlindness else { return untilDue }
        return min(untilDue ?? longestBlindness, longestBlindness)
    }

    private static func descriptors(
        of events: UnsafeMutablePointer<epoll_event>, _ count: Int
    ) -> some Sequence<Int32> {
        UnsafeBufferPointer(start: events, count: count).lazy.map {
            withUnsafePointer(to: $0) { ct_poll_descriptor($0) }
        }
    }
}
