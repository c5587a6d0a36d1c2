import CTransport
import Glibc
import Timeline

extension TransferLoop {
    /// How long the loop leaves its sockets unlooked at while answers come: where events were merged by the kernel, the
    /// bound of when the first of them came is about half of this.
    private static let longestBlindness = Nanoseconds.milliseconds(0.25)

    /// Waits for sockets with something to do, and notes of each of them when it still was empty; returns their number.
    func waitForSockets(into events: UnsafeMutablePointer<epoll_event>, until due: Instant?) -> Int {
        var look = MonotonicClock.now()
        let count = Int(max(0, ct_poll_wait(poll, events, Int32(Self.eventCapacity), 0)))
        looks.look(
            startedAt: look, reporting: Self.descriptors(of: events, count), isComplete: count < Self.eventCapacity
        ) { ct_saw_empty($0, $1.nanoseconds) }
        guard count == 0 else { return count }
        while due.map({ $0 > look }) ?? true {
            let wait = longestWait(from: look, until: due)
            let count = Int(ct_poll_wait(poll, events, Int32(Self.eventCapacity), wait?.count ?? -1))
            for descriptor in Self.descriptors(of: events, max(0, count)) {
                if let instant = looks.emptiness(of: descriptor) { ct_saw_empty(descriptor, instant.nanoseconds) }
            }
            guard count == 0, let wait else { return max(0, count) }
            // The kernel looks once more when the time is over.
            looks.stillNothing(at: look + wait)
            look = MonotonicClock.now()
        }
        return 0
    }

    private func longestWait(from look: Instant, until due: Instant?) -> Nanoseconds? {
        let untilDue = due.map { $0 - look }
        guard !inFlight.isEmpty else { return untilDue }
        return min(untilDue ?? Self.longestBlindness, Self.longestBlindness)
    }

    private static func descriptors(
        of events: UnsafeMutablePointer<epoll_event>, _ count: Int
    ) -> some Sequence<Int32> {
        UnsafeBufferPointer(start: events, count: count).lazy.map {
            withUnsafePointer(to: $0) { ct_poll_descriptor($0) }
        }
    }
}
