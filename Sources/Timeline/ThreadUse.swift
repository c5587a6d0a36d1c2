/// What a measuring thread took of its core, from its start to its end.
package struct ThreadUse: Sendable, Equatable {
    package var processorTime: Nanoseconds
    package var lifetime: Nanoseconds

    package init(processorTime: Nanoseconds, lifetime: Nanoseconds) {
        self.processorTime = processorTime
        self.lifetime = lifetime
    }

    /// The share of the time in which the thread was at work: at 1 it can follow no faster stream.
    package var share: Double {
        lifetime > .zero ? Double(processorTime.count) / Double(lifetime.count) : 0
    }
}
