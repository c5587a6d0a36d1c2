import CTransport
import Timeline

/// When sockets were empty for certain, told by looks at all of them at once.
///
/// A look is a wait of epoll. A socket that it does not report held nothing to read when it began, nor, where the wait
/// reports none at all, when its time was over: epoll would have been told of any byte that was there before.
struct SocketLooks {
    private struct Entry {
        /// The latest look that reported the socket.
        var reportedBy = 0
        /// Looks after this one tell of the socket; none where it is not watched for reading.
        var watchedSince = Int.max
    }

    private struct Look {
        var number: Int
        var instant: Instant
    }

    private var entries: [Entry] = []
    private var lookCount = 0
    /// The latest look that had room for all it could report.
    private var latest: Look?

    /// Begins or ends to tell of a socket.
    mutating func watch(_ descriptor: Int32, forReading: Bool) {
        let index = Int(descriptor)
        if index >= entries.count {
            entries.append(contentsOf: repeatElement(Entry(), count: index + 1 - entries.count))
        }
        entries[index].watchedSince = forReading ? lookCount : .max
    }

    /// Takes what a look reported, and tells of each socket in it the latest instant at which it was empty.
    mutating func look(
        at instant: Instant, reporting descriptors: some Sequence<Int32>, isComplete: Bool,
        _ wasEmpty: (Int32, Instant) -> Void
    ) {
        lookCount += 1
        for descriptor in descriptors where entries.indices.contains(Int(descriptor)) {
            if let instant = emptiness(of: descriptor) { wasEmpty(descriptor, instant) }
            entries[Int(descriptor)].reportedBy = lookCount
        }
        if isComplete { latest = Look(number: lookCount, instant: instant) }
    }

    /// The instant of the latest look, where that did not report the socket; nil where it did.
    private func emptiness(of descriptor: Int32) -> Instant? {
        guard let latest, entries.indices.contains(Int(descriptor)) else { return nil }
        let entry = entries[Int(descriptor)]
        return entry.watchedSince < latest.number && entry.reportedBy != latest.number ? latest.instant : nil
    }
}
