/// How a series looks: colour, dash and marker all differ, so that none of them is needed.
struct SeriesStyle: Sendable, Equatable {
    /// The colours of the style sheet, `s0` to `s7`.
    static let colors = 8
    /// Prime to the number of colours, so that pairs of colour and marker repeat late.
    private static let markers = ["circle", "square", "triangle", "diamond", "cross", "plus", "wedge"]
    private static let dashes = ["", "7 3", "2 3", "10 3 2 3", "5 2 1 2 1 2"]

    let colorClass: String
    let marker: String
    /// Of SVG's `stroke-dasharray`; empty is a solid line.
    let dash: String

    init(_ index: Int) {
        colorClass = "s\(index % Self.colors)"
        marker = Self.markers[index % Self.markers.count]
        dash = Self.dashes[index % Self.dashes.count]
    }

    /// Draws the marker about a point.
    func drawMarker(_ x: Double, _ y: Double, size: Double = 4, title: String? = nil, to markup: inout Markup) {
        markup.element("path", ["class": "mark \(colorClass) \(marker)", "d": path(x, y, size)]) {
            if let title { $0.element("title", text: title) }
        }
    }

    /// The outline of the marker about a point, to be joined with others.
    func path(_ x: Double, _ y: Double, _ size: Double) -> String {
        switch marker {
        case "square":
            return Self.polygon([(-0.9, -0.9), (0.9, -0.9), (0.9, 0.9), (-0.9, 0.9)], x, y, size)
        case "triangle": return Self.polygon([(0, -1.2), (1.1, 0.9), (-1.1, 0.9)], x, y, size)
        case "wedge": return Self.polygon([(0, 1.2), (1.1, -0.9), (-1.1, -0.9)], x, y, size)
        case "diamond": return Self.polygon([(0, -1.3), (1.3, 0), (0, 1.3), (-1.3, 0)], x, y, size)
        case "cross": return Self.strokes([(-1, -1, 1, 1), (-1, 1, 1, -1)], x, y, size)
        case "plus": return Self.strokes([(-1.2, 0, 1.2, 0), (0, -1.2, 0, 1.2)], x, y, size)
        default:
            let radius = PathData.number(size)
            let (left, diameter) = (PathData.number(x - size), PathData.number(2 * size))
            return "M\(left) \(PathData.number(y))a\(radius) \(radius) 0 1 0 \(diameter) 0"
                + "a\(radius) \(radius) 0 1 0 -\(diameter) 0Z"
        }
    }

    private static func polygon(_ corners: [(Double, Double)], _ x: Double, _ y: Double, _ size: Double) -> String {
        PathData.through(corners.map { (x: x + $0.0 * size, y: y + $0.1 * size) }, isClosed: true)
    }

    private static func strokes(
        _ lines: [(Double, Double, Double, Double)], _ x: Double, _ y: Double, _ size: Double
    ) -> String {
        lines.map { line in
            PathData.through([(x + line.0 * size, y + line.1 * size), (x + line.2 * size, y + line.3 * size)])
        }.joined()
    }
}
