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
        guard var value, let first = value.utf8.first else { return }
        // Python's csv module and others end a file at a NUL.
        if value.utf8.contains(0) { value = String(String.UnicodeScalarView(value.unicodeScalars.map(Self.printable))) }
        if isSpreadsheetSafe {
            value = Self.withoutControls(value)
            if Self.formulaStarts.contains(first) { value = "'" + value }
        }
        guard value.utf8.contains(where: Self.needsQuotes) else { return bytes.append(contentsOf: value.utf8) }
        bytes.append(UInt8(ascii: "\""))
        for byte in value.utf8 {
            if byte == UInt8(ascii: "\"") { bytes.append(byte) }
            bytes.append(byte)
        }
        bytes.append(UInt8(ascii: "\""))
    }

    mutating func integer(_ value: Int?) {
        separate()
        guard let value else { return }
        if value < 0 { bytes.append(UInt8(ascii: "-")) }
        digits(UInt64(value.magnitude))
    }

    mutating func integer(_ value: UInt64) {
        separate()
        digits(value)
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
        digits(whole)
        bytes.append(UInt8(ascii: "."))
        digits(fraction, atLeast: 6)
    }

    /// Writes a number with six decimals always, so that no reader takes a column of whole ones for integers.
    mutating func number(_ value: Double?) {
        separate()
        guard let value, value.isFinite else { return }
        var buffer = [CChar](repeating: 0, count: 400)
        let length = withVaList([value]) { vsnprintf(&buffer, buffer.count, "%.6f", $0) }
        bytes += buffer[..<Int(length)].map { UInt8(bitPattern: $0) }
    }

    /// Writes decimal digits, with zeros in front where there are too few.
    private mutating func digits(_ value: UInt64, atLeast width: Int = 1) {
        var divisor: UInt64 = 1
        var count = 1
        while count < width || value / divisor >= 10 {
            divisor *= 10
            count += 1
        }
        while divisor > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(truncatingIfNeeded: value / divisor % 10))
            divisor /= 10
        }
    }

    private mutating func separate() {
        if !isAtLineStart { bytes.append(UInt8(ascii: ",")) }
        isAtLineStart = false
    }

    /// A text in which escape sequences lead to nothing; line ends and tabs stay.
    static func withoutControls(_ text: String) -> String {
        let isControl = { (scalar: Unicode.Scalar) in
            scalar.properties.generalCategory == .control && !"\n\r\t".unicodeScalars.contains(scalar)
        }
        return String(String.UnicodeScalarView(text.unicodeScalars.map { isControl($0) ? "\u{fffd}" : $0 }))
    }

    private static let formulaStarts = Array("=+-@\t\r".utf8)

    private static func printable(_ scalar: Unicode.Scalar) -> Unicode.Scalar { scalar == "\0" ? "\u{fffd}" : scalar }

    private static func needsQuotes(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: ",") || byte == UInt8(ascii: "\"") || byte == 0x0a || byte == 0x0d
    }
}
