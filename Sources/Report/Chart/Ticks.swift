import Glibc

/// A mark on an axis.
struct Tick: Sendable, Equatable {
    var value: Double
    /// Empty where there is a line and no number.
    var label: String
}

/// Round numbers for axes.
enum Ticks {
    /// Marks about so many steps of 1, 2 or 5 times a power of ten, labelled with the digits that tell them apart.
    static func linear(_ domain: ClosedRange<Double>, count: Int = 5) -> [Tick] {
        let step = step(over: domain.upperBound - domain.lowerBound, count: count)
        let decimals = max(0, -Int(log10(step).rounded(.down)))
        let first = Int((domain.lowerBound / step - 1e-9).rounded(.up))
        let last = Int((domain.upperBound / step + 1e-9).rounded(.down))
        guard first <= last else { return [] }
        return (first...last).map { index in
            let value = Double(index) * step
            return Tick(value: value, label: NumberFormat.fixed(value, decimals: decimals))
        }
    }

    /// Marks 1, 2 and 5 times each power of ten; up to a factor of five, where few of those lie, 1 to 9 times; within less
    /// than a factor of 2.5, round linear steps.
    static func logarithmic(_ domain: ClosedRange<Double>) -> [Tick] {
        if domain.upperBound / domain.lowerBound < 2.5 { return linear(domain) }
        let first = Int(log10(domain.lowerBound).rounded(.down))
        let last = Int(log10(domain.upperBound).rounded(.up))
        let seen = (domain.lowerBound * 0.999_999)...(domain.upperBound * 1.000_001)
        let factors = domain.upperBound / domain.lowerBound <= 5.000_01 ? Array(1...9) : [1, 2, 5]
        var ticks: [Tick] = []
        for decade in first...last {
            let power: Double = pow(10, Double(decade))
            for factor in factors {
                let value = Double(factor) * power
                guard seen.contains(value) else { continue }
                ticks.append(Tick(value: value, label: NumberFormat.fixed(value, decimals: max(0, -decade))))
            }
        }
        return ticks
    }

    /// The step of 1, 2 or 5 times a power of ten that cuts a length into at most about so many parts.
    static func step(over span: Double, count: Int) -> Double {
        let raw = span / Double(count)
        let power = pow(10, log10(raw).rounded(.down))
        let factor = [1.0, 2, 5, 10].first { $0 * power >= raw * 0.999_999 } ?? 10
        return factor * power
    }

    /// The next of 1, 2 or 5 times a power of ten, away from the middle; a number that is one stays.
    static func roundedOutward(_ value: Double, up: Bool) -> Double {
        let power = pow(10, log10(value).rounded(.down))
        let candidates = [1.0, 2, 5, 10].map { $0 * power }
        let found =
            up ? candidates.first { $0 >= value * 0.999_999 } : candidates.last { $0 <= value * 1.000_001 }
        return found ?? value
    }
}
