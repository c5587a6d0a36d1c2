package import Timeline

/// Durations as scenarios write them: a decimal number and a unit, such as `450ms`.
package enum DurationText {
    /// Reads a duration; nil where it is none, or has no unit.
    package static func length(_ text: String) -> Nanoseconds? {
        if case .length(let length) = read(text) { length } else { nil }
    }

    /// The units and their nanoseconds.
    private static let units: [(name: String, nanoseconds: Int64)] = [
        ("ns", 1), ("us", 1000), ("µs", 1000), ("ms", 1_000_000), ("s", 1_000_000_000), ("m", 60_000_000_000),
        ("h", 3_600_000_000_000),
    ]

    enum Reading: Equatable {
        case length(Nanoseconds)
        /// A number without a unit.
        case bareNumber
        case notADuration
    }

    /// Reads a duration exactly, without binary fractions; finer than a nanosecond is not a duration.
    static func read(_ text: String) -> Reading {
        let number = text.prefix { $0.isASCII && ($0.isNumber || $0 == ".") }
        let unitName = text[number.endIndex...]
        guard !number.isEmpty, number != "." else { return .notADuration }
        if unitName.isEmpty { return .bareNumber }
        guard let unit = units.first(where: { $0.name == unitName }) else { return .notADuration }
        let parts = number.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count <= 2, let whole = Int64(parts[0].isEmpty ? "0" : parts[0]) else { return .notADuration }
        var (total, overflow) = whole.multipliedReportingOverflow(by: unit.nanoseconds)
        guard !overflow else { return .notADuration }
        if parts.count == 2 {
            guard let fraction = fraction(parts[1], of: unit.nanoseconds) else { return .notADuration }
            (total, overflow) = total.addingReportingOverflow(fraction)
        }
        return overflow ? .notADuration : .length(Nanoseconds(total))
    }

    private static func fraction(_ digits: Substring, of unit: Int64) -> Int64? {
        var remaining = unit
        var total: Int64 = 0
        for digit in digits {
            guard let value = digit.wholeNumberValue else { return nil }
            if value == 0 {
                remaining = remaining % 10 == 0 ? remaining / 10 : 0
                continue
            }
            let (share, rest) = (remaining * Int64(value)).quotientAndRemainder(dividingBy: 10)
            guard rest == 0, remaining > 0 else { return nil }
            total += share
            remaining = remaining % 10 == 0 ? remaining / 10 : 0
        }
        return total
    }

    /// Writes a length so that reading it gives the same nanoseconds.
    static func write(_ length: Nanoseconds) -> String {
        let count = length.count
        if count == 0 { return "0s" }
        if count % 1_000_000_000 == 0 { return "\(count / 1_000_000_000)s" }
        if count % 1_000_000 == 0 { return "\(count / 1_000_000)ms" }
        guard count > 1_000_000 else { return count % 1000 == 0 ? "\(count / 1000)us" : "\(count)ns" }
        let fraction = String(count % 1_000_000 + 1_000_000).dropFirst()
        let digits = fraction.reversed().drop { $0 == "0" }.reversed()
        return "\(count / 1_000_000).\(String(digits))ms"
    }
}
