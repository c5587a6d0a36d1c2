import Timeline

/// The connections that have something to send, the earliest first: a binary heap.
struct DueQueue {
    private struct Item {
        var due: Instant
        var connection: ClientConnection
        /// The connection's ticket when it was queued; an older one than the connection's own is void.
        var ticket: UInt64
    }

    private var items: [Item] = []

    /// The earliest instant at which something may be due.
    var next: Instant? { items.first?.due }

    mutating func insert(_ connection: ClientConnection, due: Instant) {
        items.append(Item(due: due, connection: connection, ticket: connection.ticket))
        var child = items.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard items[child].due < items[parent].due else { return }
            items.swapAt(child, parent)
            child = parent
        }
    }

    /// Removes the earliest connection that is due and still waits for it.
    mutating func pop(until now: Instant) -> (connection: ClientConnection, due: Instant)? {
        while let first = items.first, first.due <= now {
            removeFirst()
            if first.ticket == first.connection.ticket { return (first.connection, first.due) }
        }
        return nil
    }

    private mutating func removeFirst() {
        let last = items.removeLast()
        guard !items.isEmpty else { return }
        items[0] = last
        var parent = 0
        while true {
            var child = 2 * parent + 1
            guard child < items.count else { return }
            if child + 1 < items.count, items[child + 1].due < items[child].due { child += 1 }
            guard items[child].due < items[parent].due else { return }
            items.swapAt(child, parent)
            parent = child
        }
    }
}
