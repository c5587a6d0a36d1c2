import Timeline

extension TokenUsage {
    /// The sum of the counts that are there, since providers tell some of them apart; nil where none is.
    static func sum(_ counts: Int?...) -> Int? {
        let known = counts.compactMap(\.self)
        guard !known.isEmpty else { return nil }
        return known.reduce(0) { sum, count in
            let (total, overflow) = sum.addingReportingOverflow(count)
            return overflow ? .max : total
        }
    }
}
