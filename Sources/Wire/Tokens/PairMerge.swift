/// Merges the bytes of one piece: always the pair of lowest rank, of equals the leftmost, until no pair has a rank.
///
/// The pairs wait in a binary heap, so that a piece of n bytes takes n log n steps: a run of a million spaces is one piece.
struct PairMerge {
    private struct Pair {
        var rank: UInt32
        var start: Int32
        var end: Int32

        func isBefore(_ other: Pair) -> Bool { rank != other.rank ? rank < other.rank : start < other.start }
    }

    private let piece: ArraySlice<UInt8>
    private let ranks: TokenRanks
    /// Where the part that starts at an offset ends; 0 where no part starts any more.
    private var ends: [Int32]
    /// Where the part before the one that starts at an offset starts; -1 before the first.
    private var previous: [Int32]
    private var heap: [Pair] = []

    init(_ piece: ArraySlice<UInt8>, ranks: TokenRanks) {
        self.piece = piece
        self.ranks = ranks
        ends = (0..<Int32(piece.count)).map { $0 + 1 }
        previous = (0..<Int32(piece.count)).map { $0 - 1 }
    }

    mutating func run() {
        for start in 0..<Int32(piece.count) { offer(start) }
        while let pair = pop() {
            let middle = ends[Int(pair.start)]
            // A pair is stale once one of its parts was merged with another: its ends are then no longer these.
            guard middle != 0, Int(middle) < piece.count, ends[Int(middle)] == pair.end else { continue }
            ends[Int(middle)] = 0
            ends[Int(pair.start)] = pair.end
            if Int(pair.end) < piece.count { previous[Int(pair.end)] = pair.start }
            offer(pair.start)
            if previous[Int(pair.start)] >= 0 { offer(previous[Int(pair.start)]) }
        }
    }

    func forEachPart(_ body: (ArraySlice<UInt8>) -> Void) {
        var start = 0
        while start < piece.count {
            let end = Int(ends[start])
            body(piece[(piece.startIndex + start)..<(piece.startIndex + end)])
            start = end
        }
    }

    private mutating func offer(_ start: Int32) {
        let middle = Int(ends[Int(start)])
        guard middle < piece.count else { return }
        let end = ends[middle]
        guard let rank = ranks.rank(of: piece[(piece.startIndex + Int(start))..<(piece.startIndex + Int(end))])
        else { return }
        heap.append(Pair(rank: rank, start: start, end: end))
        var child = heap.count - 1
        while child > 0, heap[child].isBefore(heap[(child - 1) / 2]) {
            heap.swapAt(child, (child - 1) / 2)
            child = (child - 1) / 2
        }
    }

    private mutating func pop() -> Pair? {
        guard let first = heap.first else { return nil }
        let last = heap.removeLast()
        guard !heap.isEmpty else { return first }
        heap[0] = last
        var parent = 0
        while true {
            var least = parent
            for child in [2 * parent + 1, 2 * parent + 2]
            where child < heap.count && heap[child].isBefore(heap[least]) {
                least = child
            }
            if least == parent { return first }
            heap.swapAt(parent, least)
            parent = least
        }
    }
}
