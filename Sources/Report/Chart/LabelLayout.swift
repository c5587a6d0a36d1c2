/// Keeps labels from overlapping; lengths are in the chart's units.
enum LabelLayout {
    static let fontSize = 12.5
    /// Above the mean width of a character in any sans-serif face, so that an estimate errs to the safe side.
    private static let characterWidth = 7.2

    static func width(of text: String) -> Double { Double(PrintableText.width(text)) * characterWidth }

    /// Which of some labels, centred at positions along a line, can be written: the first asked for win.
    ///
    /// Returns their indices in ascending order.
    static func fitting(
        _ labels: [(text: String, position: Double)], gap: Double = 8, preferring order: [Int]? = nil
    ) -> [Int] {
        var kept: [Int] = []
        for index in order ?? Array(labels.indices) {
            let half = width(of: labels[index].text) / 2
            let isFree = kept.allSatisfy { other in
                abs(labels[other].position - labels[index].position)
                    >= half + width(of: labels[other].text) / 2 + gap
            }
            if isFree { kept.append(index) }
        }
        return kept.sorted()
    }

    /// Moves positions apart to at least a distance, as little as possible and in their order, within a range.
    ///
    /// Where the range is too short for all, they are spread over it evenly.
    static func spread(_ wanted: [Double], distance: Double, within range: ClosedRange<Double>) -> [Double] {
        guard wanted.count > 1 else { return wanted.map { min(max($0, range.lowerBound), range.upperBound) } }
        let order = wanted.indices.sorted { (wanted[$0], $0) < (wanted[$1], $1) }
        let step = min(distance, (range.upperBound - range.lowerBound) / Double(wanted.count - 1))
        var placed: [Double] = []
        for index in order { placed.append(max(wanted[index], (placed.last ?? range.lowerBound - step) + step)) }
        // Pushed beyond the end: back, from the last on.
        var limit = range.upperBound
        for place in placed.indices.reversed() {
            placed[place] = min(placed[place], limit)
            limit = placed[place] - step
        }
        var result = wanted
        for (place, index) in order.enumerated() { result[index] = placed[place] }
        return result
    }
}
