/// Fewer points that look the same.
enum Downsampling {
    /// Keeps of each stretch of the order the least, the greatest, the first and the last value; nothing where few.
    ///
    /// So every extreme of the whole is kept, wherever it stands. Returns the indices that are kept, in order.
    static func keepingExtremes(_ values: [Double], limit: Int) -> [Int] {
        guard values.count > limit, limit >= 4 else { return Array(values.indices) }
        let stretches = max(1, limit / 4)
        var kept: [Int] = []
        for stretch in 0..<stretches {
            let range = stretch * values.count / stretches..<(stretch + 1) * values.count / stretches
            guard let first = range.first, let last = range.last else { continue }
            let least = range.min { values[$0] < values[$1] } ?? first
            let greatest = range.max { values[$0] < values[$1] } ?? last
            kept += Set([first, least, greatest, last]).sorted()
        }
        return kept
    }
}
