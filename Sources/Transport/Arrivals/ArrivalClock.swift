import CTransport
import Timeline

/// What one read's bytes are stamped with.
struct ArrivalStamp {
    var arrival: Instant
    var reading: Instant
    var lateBound: Nanoseconds
}

/// Turns the kernel's wall-clock stamps into instants of the monotonic clock; one per measuring thread.
struct ArrivalClock {
    /// The most by which a stamp is late for a segment that was alone in its socket.
    ///
    /// The kernel stamps before it queues a segment. On loopback that is within the sender's own call: in the benchmark half
    /// of the segments bore a stamp at most 7 µs after the instant before that call, and 99 in 100 at most 16 µs, nearly all
    /// of which is the sender's way through the stack. The rest is the stamp itself and the clock's sandwich (about 0.1 µs).
    static let floor = Nanoseconds(5_000)
    private static let resampleInterval = Nanoseconds.seconds(1)
    /// A larger change is a step of the wall clock: the two clocks tick alike, and a sandwich is narrower.
    private static let stepThreshold: Int64 = 50_000

    let source: ClockSource
    private var offset: Int64
    private var sampled: Instant

    init(source: ClockSource) {
        self.source = source
        var width: Int64 = 0
        offset = ct_monotonic_minus_realtime(2000, &width)
        sampled = MonotonicClock.now()
    }

    /// Follows the wall clock's steps and drift; cheap enough to be called whenever the thread wakes.
    mutating func follow(at now: Instant) {
        var width: Int64 = 0
        let hasStepped = abs(ct_monotonic_minus_realtime(1, &width) - offset) > Self.stepThreshold
        guard hasStepped || now - sampled > Self.resampleInterval else { return }
        offset = ct_monotonic_minus_realtime(20, &width)
        sampled = now
    }

    /// Stamps bytes that were read just now; `previous` is when their stream was last read, or sent.
    func stamp(_ read: ct_read_stamp, reading: Instant, previous: Instant) -> ArrivalStamp {
        let emptied = read.emptied_ns == 0 ? previous : Instant(nanoseconds: read.emptied_ns)
        let seenEmpty = max(emptied, Instant(nanoseconds: read.seen_empty_ns))
        let kernel = Instant(nanoseconds: read.kernel_ns + offset)
        // A stamp after the read, or from well before the socket was emptied, is not of this clock: it was stepped. A
        // little before is possible, since the kernel stamps a segment some time before the socket has it.
        let isPossible =
            kernel <= reading + Self.floor && kernel >= emptied - Nanoseconds(Self.stepThreshold)
        guard source == .kernel, read.kernel_ns != 0, isPossible else {
            return ArrivalStamp(
                arrival: reading, reading: reading, lateBound: max(Self.floor, reading - seenEmpty))
        }
        let arrival = min(kernel, reading)
        guard read.may_be_merged != 0 else {
            return ArrivalStamp(arrival: arrival, reading: reading, lateBound: Self.floor)
        }
        // A socket that was empty after the stamp shows that segments were on their way to it for some time: the merged
        // ones can have been there, stamped, at any look since it was emptied.
        let lateBound = max(Self.floor, arrival - (kernel < seenEmpty ? emptied : seenEmpty))
        return ArrivalStamp(arrival: arrival, reading: reading, lateBound: lateBound)
    }
}
