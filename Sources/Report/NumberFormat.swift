import Glibc

/// How numbers become text: the one place where a number is rounded.
package enum NumberFormat {
    /// Writes a number with a fixed count of decimals, correctly rounded from its exact value, without separators.
    package static func fixed(_ value: Double, decimals: Int) -> String {
        guard value.isFinite else { return "n/a" }
        // 309 integer digits are the most a finite Double has; a sign, a point and the end mark come on top.
        var buffer = [CChar](repeating: 0, count: 320 + decimals)
        let size = buffer.count
        _ = withVaList([Int32(decimals), value]) { vsnprintf(&buffer, size, "%.*f", $0) }
        let text = String(decoding: buffer.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
        let isNegativeZero = text.hasPrefix("-") && text.allSatisfy { "-0.".contains($0) }
        return isNegativeZero ? String(text.dropFirst()) : text
    }

    /// Writes a number as exports carry it: six decimals, which is a nanosecond where the unit is a millisecond.
    package static func exact(_ value: Double) -> String { value.isFinite ? fixed(value, decimals: 6) : "" }

    /// The decimals that show a figure with three significant digits, or up to five where its interval is that narrow.
    package static func decimals(for value: Double, interval: ClosedRange<Double>? = nil) -> Int {
        let magnitude = magnitude(of: value)
        var decimals = min(max(0, 2 - magnitude), 4)
        guard let interval else { return decimals }
        let width = interval.upperBound - interval.lowerBound
        while width < pow(10, Double(-decimals)), decimals + magnitude + 1 < 5, decimals < 4 { decimals += 1 }
        return decimals
    }

    /// Writes a number with three significant digits; integer digits are never dropped.
    package static func significant(_ value: Double) -> String { fixed(value, decimals: decimals(for: value)) }

    /// Writes an interval such as `[312, 325]`.
    package static func interval(_ interval: ClosedRange<Double>, decimals: Int) -> String {
        "[\(fixed(interval.lowerBound, decimals: decimals)), \(fixed(interval.upperBound, decimals: decimals))]"
    }

    /// Writes an upper bound of a time in milliseconds with two significant digits, rounded up so that it stays a bound.
    package static func bound(milliseconds: Double, micro: String) -> String {
        guard milliseconds.isFinite, milliseconds > 0 else { return "0 \(micro)s" }
        let isSmall = milliseconds < 0.9995
        let value = isSmall ? milliseconds * 1000 : milliseconds
        let decimals = min(max(0, 1 - magnitude(of: value)), isSmall ? 1 : 2)
        let scale = pow(10, Double(decimals))
        // Half a billionth is far below the resolution of a nanosecond and keeps 21.000000000000004 from becoming 22.
        let raised = max((value * scale * (1 - 5e-10)).rounded(.up), 1) / scale
        return fixed(raised, decimals: decimals) + (isSmall ? " \(micro)s" : " ms")
    }

    /// Writes a length of time as people say it: `250 ms`, `90 s`, `10 min`.
    package static func length(seconds: Double) -> String {
        if seconds < 1 { return "\(trimmed(seconds * 1000)) ms" }
        if seconds >= 300, seconds.truncatingRemainder(dividingBy: 60) == 0 { return "\(trimmed(seconds / 60)) min" }
        return "\(trimmed(seconds)) s"
    }

    /// Writes a number that a person chose, such as a limit: at most six decimals, and no zeros at their end.
    package static func trimmed(_ value: Double) -> String {
        var text = fixed(value, decimals: 6)
        guard text.contains(".") else { return text }
        while text.hasSuffix("0") { text.removeLast() }
        if text.hasSuffix(".") { text.removeLast() }
        return text
    }

    /// The decimal exponent of the first significant digit; 2 for zero, so that it prints as `0`.
    private static func magnitude(of value: Double) -> Int {
        guard value.isFinite, value != 0 else { return 2 }
        return Int(log10(abs(value)).rounded(.down))
    }
}
