import CTransport
package import Timeline

/// What the kernel says of its clock and timers.
package enum SystemClock {
    /// How well a time server keeps the wall clock.
    package struct Synchronization: Sendable, Equatable {
        package var isSynchronized: Bool
        /// How far off the wall clock is at most, as far as its keeper knows.
        package var maximumError: Nanoseconds

        package init(isSynchronized: Bool, maximumError: Nanoseconds) {
            self.isSynchronized = isSynchronized
            self.maximumError = maximumError
        }
    }

    /// Reads the state of the wall clock; nil where the kernel does not tell, as in some containers.
    package static func synchronization() -> Synchronization? {
        let state = ct_read_wall_clock_state()
        guard state.is_known != 0 else { return nil }
        return Synchronization(
            isSynchronized: state.is_synchronized != 0, maximumError: Nanoseconds(state.max_error_ns))
    }

    /// Asks for what the measuring thread asks for, wake-ups without slack, and returns what this thread then has.
    package static func smallestTimerSlack() -> Nanoseconds? {
        let before = ct_timer_slack()
        guard before >= 0 else { return nil }
        ct_poll_set_timer_slack(1)
        let granted = ct_timer_slack()
        ct_poll_set_timer_slack(UInt64(before))
        return granted < 0 ? nil : Nanoseconds(granted)
    }
}
