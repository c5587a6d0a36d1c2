/// A scale with its marks and its name.
struct Axis: Sendable {
    var title: String
    var scale: Scale
    var ticks: [Tick]

    init(_ title: String, scale: Scale, ticks: [Tick]? = nil) {
        self.title = title
        self.scale = scale
        self.ticks =
            ticks ?? (scale.kind == .linear ? Ticks.linear(scale.domain) : Ticks.logarithmic(scale.domain))
    }

    /// From 0 to 1, in per cent.
    static func share(_ title: String) -> Axis {
        Axis(
            title, scale: Scale(kind: .linear, domain: 0...1),
            ticks: [0, 0.25, 0.5, 0.75, 1].map { Tick(value: $0, label: "\(Int($0 * 100)) %") })
    }

    /// The order in which labels are asked for: powers of ten before what lies between them.
    var labelOrder: [Int] {
        guard scale.kind == .logarithmic else { return Array(ticks.indices) }
        return ticks.indices.sorted { (rank(ticks[$0].label), $0) < (rank(ticks[$1].label), $1) }
    }

    private func rank(_ label: String) -> Int {
        let digit = label.first { $0 != "0" && $0 != "." }
        return digit == "1" ? 0 : 1
    }
}
