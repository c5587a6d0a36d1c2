import Testing

/// How many mutated streams of each kind were read, and which of them were read wrongly.
struct FuzzTable: Sendable {
    private var counts: [String: [String: Int]] = [:]
    /// Cases of which the rules say nothing.
    private var openCount = 0
    private(set) var caseCount = 0
    private(set) var failures: [Comment] = []

    mutating func add(_ example: FuzzCase, failure: Comment?) {
        counts[example.mutation, default: [:]][example.api, default: 0] += 1
        caseCount += 1
        openCount += example.verdicts.isEmpty ? 1 : 0
        if let failure { failures.append(failure) }
    }

    mutating func merge(_ other: FuzzTable) {
        for (mutation, row) in other.counts {
            counts[mutation, default: [:]].merge(row, uniquingKeysWith: +)
        }
        caseCount += other.caseCount
        openCount += other.openCount
        failures += other.failures
    }

    /// One failure of each mutation in each dialect.
    var differentFailures: [Comment] {
        var seen: Set<Substring> = []
        return failures.filter { seen.insert($0.rawValue.prefix { $0 != ":" }).inserted }
    }

    /// One line for each mutation, one column for each dialect.
    func text(seed: Int) -> String {
        let dialects = Set(counts.values.flatMap(\.keys)).sorted()
        let width = (counts.keys.map(\.count).max() ?? 0) + 2
        func line(_ name: String, _ cells: [String]) -> String {
            let padded = zip(cells, dialects + ["total"]).map { cell, column in
                String(repeating: " ", count: max(0, max(column.count, 6) + 2 - cell.count)) + cell
            }
            return name + String(repeating: " ", count: width - name.count) + padded.joined()
        }
        let rows = counts.sorted { $0.key < $1.key }.map { mutation, row in
            line(mutation, dialects.map { "\(row[$0] ?? 0)" } + ["\(row.values.reduce(0, +))"])
        }
        let end =
            "\(caseCount) cases of seed \(seed), \(openCount) of which the rules say nothing, "
            + "\(failures.count) disagreements"
        return ([line("", dialects + ["total"])] + rows + [end]).joined(separator: "\n")
    }
}
