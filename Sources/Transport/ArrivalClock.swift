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
    /// The kernel stamps before it queues a segment. On loopback that is within the sender's own call: of a million
    /// segments 99 in 100 bore a stamp at most 8 µs after the instant before that call, half of them at most 4 µs. What is
    /// left for the stamp itself, for the clock's sandwich (about 0.1 µs) and for a busier interrupt is less than this.
    static let floor = Nanoseconds(5_000)
    private static let resampleInterval = Nanoseconds.seconds(1)
    /// A larger change between two samples is a step of the wall clock, not its drift.
    private static let stepThreshold: Int64 = 1_000_000

    let source: ClockSource
    private var offset: Int64
    private var sampled: Instant
    /// How often the wall clock was seen to step; the stamps around a step are not to be trusted.
    private(set) var stepCount = 0

    init(source: ClockSource) {
        self.source = source
        var width: Int64 = 0
        offset = ct_monotonic_minus_realtime(2000, &width)
        sampled = MonotonicClock.now()
    }

    /// Follows the drift between the two clocks; cheap enough to be called whenever the thread wakes.
    mutating func follow(at now: Instant) {
        guard now - sampled > Self.resampleInterval else { return }
        var width: Int64 = 0
        let fresh = ct_monotonic_minus_realtime(20, &width)
        if abs(fresh - offset) > Self.stepThreshold { stepCount += 1 }
        offset = fresh
        sampled = now
    }

    /// Stamps bytes that were read just now; `previous` is when their stream was last read, or sent.
    func stamp(_ read: ct_read_stamp, reading: Instant, previous: Instant) -> ArrivalStamp {
        let seenEmpty = read.seen_empty_ns == 0 ? previous : Instant(nanoseconds: read.seen_empty_ns)
        guard source == .kernel, read.kernel_ns != 0 else {
            return ArrivalStamp(
                arrival: reading, reading: reading, lateBound: max(Self.floor, reading - seenEmpty))
        }
        // A segment that came while the read was under way may carry a stamp after it.
        let arrival = min(Instant(nanoseconds: read.kernel_ns + offset), reading)
        let lateBound = read.may_be_merged == 0 ? Self.floor : max(Self.floor, arrival - seenEmpty)
        return ArrivalStamp(arrival: arrival, reading: reading, lateBound: lateBound)
    }
}
