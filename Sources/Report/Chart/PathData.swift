/// The text of an SVG path; coordinates are pixels of the screen, written to a tenth.
struct PathData: Sendable {
    private(set) var text = ""

    mutating func move(_ x: Double, _ y: Double) { text += "M\(Self.number(x)) \(Self.number(y))" }

    mutating func line(_ x: Double, _ y: Double) { text += "L\(Self.number(x)) \(Self.number(y))" }

    mutating func horizontal(to x: Double) { text += "H\(Self.number(x))" }

    mutating func vertical(to y: Double) { text += "V\(Self.number(y))" }

    mutating func close() { text += "Z" }

    /// A polygon, or with `isClosed` false a line, through points.
    static func through(_ points: [(x: Double, y: Double)], isClosed: Bool = false) -> String {
        var path = PathData()
        for (index, point) in points.enumerated() {
            if index == 0 { path.move(point.x, point.y) } else { path.line(point.x, point.y) }
        }
        if isClosed { path.close() }
        return path.text
    }

    static func number(_ value: Double) -> String {
        guard value.isFinite else { return "0" }
        let tenths = Int((value * 10).rounded())
        let whole = abs(tenths) / 10
        let sign = tenths < 0 ? "-" : ""
        return tenths % 10 == 0 ? "\(sign)\(whole)" : "\(sign)\(whole).\(abs(tenths) % 10)"
    }
}
