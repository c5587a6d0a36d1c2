/// Integers in as little memory as they need: a run can have tens of millions of them, most of them equal or small.
struct CompactIntegers: RandomAccessCollection, Sendable, Equatable {
    private enum Storage: Sendable, Equatable {
        case equal(Int, count: Int)
        case narrow([UInt32])
        case wide([Int])
    }

    private let storage: Storage

    init(_ integers: [Int]) {
        let first = integers.first ?? 0
        if integers.allSatisfy({ $0 == first }) {
            storage = .equal(first, count: integers.count)
        } else if integers.allSatisfy({ UInt32(exactly: $0) != nil }) {
            storage = .narrow(integers.map { UInt32($0) })
        } else {
            storage = .wide(integers)
        }
    }

    var startIndex: Int { 0 }

    var endIndex: Int {
        switch storage {
        case .equal(_, let count): count
        case .narrow(let integers): integers.count
        case .wide(let integers): integers.count
        }
    }

    subscript(position: Int) -> Int {
        switch storage {
        case .equal(let integer, _): integer
        case .narrow(let integers): Int(integers[position])
        case .wide(let integers): integers[position]
        }
    }
}
