/// The frame of a chart: its axes, and where its values lie.
struct Plot: Sendable {
    var width = 600.0
    var height = 320.0
    var left = 58.0
    var right = 16.0
    var top = 14.0
    var bottom = 46.0
    let x: Axis
    let y: Axis

    init(x: Axis, y: Axis, height: Double = 320, right: Double = 16) {
        self.x = x
        self.y = y
        self.height = height
        self.right = right
        left = 30 + (y.ticks.map { LabelLayout.width(of: $0.label) }.max() ?? 0)
    }

    func x(_ value: Double) -> Double { left + x.scale.fraction(of: value) * (width - left - right) }

    func y(_ value: Double) -> Double { height - bottom - y.scale.fraction(of: value) * (height - top - bottom) }

    /// The SVG with axes and what the closure draws between them.
    ///
    /// `title` and `description` are what a screen reader says; `id` is unique in the page.
    func svg(
        id: String, title: String, description: String, readout: String? = nil, _ draw: (inout Markup) -> Void
    ) -> Markup {
        var markup = Markup()
        markup.element(
            "svg",
            [
                "class": "chart", "id": id, "viewBox": "0 0 \(PathData.number(width)) \(PathData.number(height))",
                "role": "img", "aria-labelledby": "\(id)-t \(id)-d", "data-plot": geometry,
                "data-readout": readout ?? "",
            ]
        ) { markup in
            markup.element("title", ["id": "\(id)-t"], text: title)
            markup.element("desc", ["id": "\(id)-d"], text: description)
            markup.newLine()
            drawAxes(to: &markup)
            draw(&markup)
        }
        return markup
    }

    /// What a program needs to turn a place on the screen back into values.
    private var geometry: String {
        let kind = x.scale.kind == .linear ? "linear" : "log"
        let numbers = [
            x.scale.domain.lowerBound, x.scale.domain.upperBound, left, width - right, top, height - bottom,
        ]
        return "\(kind) " + numbers.map { "\($0)" }.joined(separator: " ")
    }

    private func drawAxes(to markup: inout Markup) {
        let (bottomEdge, rightEdge) = (height - bottom, width - right)
        markup.element("g", ["class": "axis"]) { markup in
            var grid = PathData()
            for tick in x.ticks {
                grid.move(x(tick.value), top)
                grid.vertical(to: bottomEdge)
            }
            for tick in y.ticks {
                grid.move(left, y(tick.value))
                grid.horizontal(to: rightEdge)
            }
            markup.element("path", ["class": "grid", "d": grid.text])
            markup.element(
                "path",
                ["class": "frame", "d": PathData.through([(left, top), (left, bottomEdge), (rightEdge, bottomEdge)])])
            drawLabels(to: &markup)
        }
        markup.newLine()
    }

    private func drawLabels(to markup: inout Markup) {
        let places = x.ticks.map { (text: $0.label, position: x($0.value)) }
        for index in LabelLayout.fitting(places, preferring: x.labelOrder) where !places[index].text.isEmpty {
            Self.label(places[index].text, places[index].position, height - bottom + 17, "middle", to: &markup)
        }
        // Lines of text are higher than wide labels are close: what is nearer than a line is left out.
        var written: [Double] = []
        for index in y.labelOrder where !y.ticks[index].label.isEmpty {
            let place = y(y.ticks[index].value)
            guard written.allSatisfy({ abs($0 - place) >= LabelLayout.fontSize + 1 }) else { continue }
            written.append(place)
            Self.label(y.ticks[index].label, left - 6, place + 4, "end", to: &markup)
        }
        Self.label(x.title, (left + width - right) / 2, height - 8, "middle", class: "name", to: &markup)
        let middle = (top + height - bottom) / 2
        markup.element(
            "text",
            [
                "class": "name", "text-anchor": "middle",
                "transform": "translate(13 \(PathData.number(middle))) rotate(-90)",
            ], text: y.title)
    }

    /// Writes a label; `anchor` is SVG's `text-anchor`.
    static func label(
        _ text: String, _ x: Double, _ y: Double, _ anchor: String, class name: String = "label",
        to markup: inout Markup
    ) {
        markup.element(
            "text",
            ["class": name, "x": PathData.number(x), "y": PathData.number(y), "text-anchor": anchor], text: text)
    }
}
