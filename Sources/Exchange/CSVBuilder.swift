import Glibc
import Timeline

/// Writes CSV by RFC 4180 with LF line ends: numbers with `.`, missing values as empty cells.
struct CSVBuilder {
    private(set) var bytes: [UInt8] = []
    private let isSpreadsheetSafe: Bool
    private var isAtLineStart = true

    /// Creates an empty text; a spreadsheet-safe one keeps spreadsheets from running text cells as formulas.
    init(isSpreadsheetSafe: Bool = false) { self.isSpreadsheetSafe = isSpreadsheetSafe }

    mutating func endLine() {
        bytes.append(UInt8(ascii: "\n"))
        isAtLineStart = true
    }

    mutating func empty() { separate() }

    mutating func text(_ value: String?) {
        separate()
        guard let value, !value.isEmpty else { return }
        var utf8 = Array(value.utf8)
        // Python's csv module and others end a file at a NUL.
        if utf8.contains(0) { utf8 = Array(String(value.map { $0 == "\0" ? "\u{fffd}" : $0 }).utf8) }
        if isSpreadsheetSafe, Self.formulaStarts.contains(utf8[0]) { utf8.insert(UInt8(ascii: "'"), at: 0) }
        let needsQuotes = utf8.contains { byte in
            byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == 0x0a || byte == 0x0d
        }
        guard needsQuotes else { return bytes += utf8 }
        bytes.append(UInt8(ascii: "\""))
        for byte in utf8 {
            if byte == UInt8(ascii: "\"") { bytes.append(byte) }
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    mutating func integer<Value: BinaryInteger>(_ value: Value?) {
        separate()
        if let value { bytes += String(value).utf8 }
    }

    mutating func boolean(_ value: Bool) {
        separate()
        bytes += (value ? "true" : "false").utf8
    }

    /// Writes milliseconds with six decimals, which is every nanosecond, by integer arithmetic.
    mutating func milliseconds(_ value: Nanoseconds?) {
        separate()
        guard let value else { return }
        if value.count < 0 { bytes.append(UInt8(ascii: "-")) }
        let (whole, fraction) = value.count.magnitude.quotientAndRemainder(dividingBy: 1_000_000)
        bytes += String(whole).utf8
        bytes.append(UInt8(ascii: "."))
        var divisor: UInt64 = 100_000
        while divisor > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(fraction / divisor % 10))
            divisor /= 10
        }
    }

    /// Writes a number with six decimals always, so that no reader takes a column of whole ones for integers.
    mutating func number(_ value: Double?) {
        separate()
        guard let value, value.isFinite else { return }
        var buffer = [CChar](repeating: 0, count: 400)
        let length = withVaList([value]) { vsnprintf(&buffer, buffer.count, "%.6f", $0) }
        bytes += buffer[..<Int(length)].map { UInt8(bitPattern: $0) }
    }

    private mutating func separate() {
        if !isAtLineStart { bytes.append(UInt8(ascii: ",")) }
        isAtLineStart = false
    }

    private static let formulaStarts = "=+-@\t\r".utf8.map { $0 }
}
