import Glibc

/// The one clock of the tool: `CLOCK_MONOTONIC`, which no time server can step.
package enum MonotonicClock {
    package static func now() -> Instant { Instant(nanoseconds: read(CLOCK_MONOTONIC)) }

    /// Reads the clock's resolution, in nanoseconds.
    package static func resolution() -> Nanoseconds {
        var resolution = timespec()
        clock_getres(CLOCK_MONOTONIC, &resolution)
        return Nanoseconds(Int64(resolution.tv_sec) * 1_000_000_000 + Int64(resolution.tv_nsec))
    }

    /// Reads how much processor time the calling thread has taken.
    package static func threadTime() -> Nanoseconds { Nanoseconds(read(CLOCK_THREAD_CPUTIME_ID)) }

    /// Reads the wall clock as nanoseconds since 1970: a label for people, never a measurement.
    package static func wallClockLabel() -> Int64 { read(CLOCK_REALTIME) }

    private static func read(_ clock: clockid_t) -> Int64 {
        var time = timespec()
        clock_gettime(clock, &time)
        return Int64(time.tv_sec) * 1_000_000_000 + Int64(time.tv_nsec)
    }
}
