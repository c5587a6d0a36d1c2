import Glibc

/// Where a value lies on an axis, as a share of its length.
struct Scale: Sendable, Equatable {
    enum Kind: Sendable { case linear, logarithmic }

    let kind: Kind
    /// Not empty; above 0 where the scale is logarithmic.
    let domain: ClosedRange<Double>

    /// A linear scale over all values, from 0 where asked, up to the next round number.
    static func linear(_ values: [Double], fromZero: Bool = true) -> Scale {
        let finite = values.filter(\.isFinite)
        let low = fromZero ? min(0, finite.min() ?? 0) : finite.min() ?? 0
        let high = max(finite.max() ?? 1, low)
        let span = high > low ? high - low : max(abs(high), 1)
        let step = Ticks.step(over: span, count: 5)
        let top = (high / step).rounded(.up) * step
        let bottom = (low / step).rounded(.down) * step
        return Scale(kind: .linear, domain: bottom...(top > bottom ? top : bottom + step))
    }

    /// A logarithmic scale over all positive values, widened to the next of 1, 2 or 5 times a power of ten.
    ///
    /// Values of 0 and below stand at the lower end: `floor` is where that lies if there is nothing else.
    static func logarithmic(_ values: [Double], floor: Double = 0.001) -> Scale {
        let positive = values.filter { $0.isFinite && $0 > 0 }
        let low = Ticks.roundedOutward(positive.min() ?? floor, up: false)
        let high = Ticks.roundedOutward(positive.max() ?? floor * 10, up: true)
        return Scale(kind: .logarithmic, domain: low...(high > low ? high : low * 10))
    }

    /// 0 at the lower end, 1 at the upper; values beyond an end stay there.
    func fraction(of value: Double) -> Double {
        let clamped = min(max(value, domain.lowerBound), domain.upperBound)
        switch kind {
        case .linear: return (clamped - domain.lowerBound) / (domain.upperBound - domain.lowerBound)
        case .logarithmic: return log(clamped / domain.lowerBound) / log(domain.upperBound / domain.lowerBound)
        }
    }
}
