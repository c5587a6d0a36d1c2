import Timeline

/// A queue of the instants at which something must be looked at, the earliest first: a binary heap.
struct Deadlines {
    private var heap: [(instant: Instant, token: Int)] = []

    var earliest: Instant? { heap.first?.instant }

    mutating func add(_ instant: Instant, token: Int) {
        heap.append((instant, token))
        var child = heap.count - 1
        while child > 0 {
            let parent = (child - 1) / 2
            guard heap[child].instant < heap[parent].instant else { break }
            heap.swapAt(child, parent)
            child = parent
        }
    }

    /// Removes the earliest entry if it is due, and returns its token.
    mutating func popDue(at now: Instant) -> Int? {
        guard let first = heap.first, first.instant <= now else { return nil }
        let last = heap.removeLast()
        if !heap.isEmpty {
            heap[0] = last
            siftDown()
        }
        return first.token
    }

    private mutating func siftDown() {
        var parent = 0
        while true {
            var smallest = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < heap.count && heap[child].instant < heap[smallest].instant { smallest = child }
            guard smallest != parent else { return }
            heap.swapAt(parent, smallest)
            parent = smallest
        }
    }
}
