/// A row of small bars, from zero up to the greatest value; a blank stands where there is no value.
struct Sparkline {
    private static let unicode = Array("▁▂▃▄▅▆▇█")
    private static let ascii = Array("_.:-=+*#")

    let text: String
    /// Of the columns that were asked for.
    let width: Int

    /// Draws so many values as at most `room` columns, each for the mean of as many values as any other; nil where there
    /// is too little room to see anything.
    init?(_ values: [Double?], room: Int, hasUnicode: Bool) {
        guard let perColumn = (1...max(1, values.count)).first(where: { Self.fits(values.count, by: $0, room: room) })
        else { return nil }
        let means = stride(from: 0, to: values.count, by: perColumn).map { start -> Double? in
            let present = values[start..<start + perColumn].compactMap(\.self)
            return present.isEmpty ? nil : present.reduce(0, +) / Double(present.count)
        }
        let most = means.compactMap(\.self).max() ?? 0
        let marks = hasUnicode ? Self.unicode : Self.ascii
        text = String(
            means.map { mean -> Character in
                guard let mean else { return " " }
                guard most > 0 else { return marks[0] }
                return marks[min(marks.count - 1, Int(mean / most * Double(marks.count)))]
            })
        width = means.count
    }

    private static let leastRoom = 10

    private static func fits(_ count: Int, by perColumn: Int, room: Int) -> Bool {
        count % perColumn == 0 && count / perColumn <= room && count / perColumn >= leastRoom
    }
}
