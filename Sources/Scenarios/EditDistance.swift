/// How many single edits turn one word into another, for "did you mean".
package enum EditDistance {
    /// Counts insertions, deletions, substitutions and swaps of neighbours (optimal string alignment).
    static func between(_ first: String, _ second: String) -> Int {
        let left = Array(first)
        let right = Array(second)
        var beforePrevious: [Int] = []
        var previous = Array(0...right.count)
        for row in left.indices {
            var current = [row + 1]
            for column in right.indices {
                let isSame = left[row] == right[column]
                var best = min(previous[column + 1] + 1, current[column] + 1, previous[column] + (isSame ? 0 : 1))
                if row > 0, column > 0, left[row] == right[column - 1], left[row - 1] == right[column] {
                    best = min(best, beforePrevious[column - 1] + 1)
                }
                current.append(best)
            }
            beforePrevious = previous
            previous = current
        }
        return previous[right.count]
    }

    /// The nearest of the allowed words; nil where none is near enough to be what was meant.
    package static func nearest(to word: String, in allowed: [String]) -> String? {
        let typed = String(word.lowercased().prefix(64))
        let nearest = allowed.filter { $0.count > 2 }.map { ($0, between(typed, $0.lowercased())) }.min { $0.1 < $1.1 }
        guard let (candidate, distance) = nearest, distance <= max(1, candidate.count / 3) else { return nil }
        return candidate
    }

    /// The end of a message that refuses a word: a suggestion where there is one, and the list.
    static func advice(for word: String, in allowed: [String]) -> String {
        let list = "allowed: \(allowed.joined(separator: ", "))"
        guard let nearest = nearest(to: word, in: allowed) else { return list }
        return "did you mean '\(nearest)'? (\(list))"
    }
}
