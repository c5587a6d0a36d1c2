import Timeline

/// The rows of a CSV file by the names of their columns, with errors that name the place.
struct CSVTable {
    private var parser: CSVParser
    private var row = CSVParser.Row()
    private var width = 0
    private var indices: [String: Int] = [:]

    /// Opens the file and reads its header, which must have the required columns; `file` is what the file ought to be.
    init(path: String, required: [String], file: String) throws(ExchangeError) {
        parser = try CSVParser(path: path)
        _ = try parser.next(into: &row)
        width = row.count
        for index in 0..<width {
            let name = parser.text(row, index)
            guard indices.updateValue(index, forKey: name) == nil else {
                throw parser.problem("the header has this column twice", in: row, index, name: name)
            }
        }
        let missing = required.filter { indices[$0] == nil }
        guard missing.isEmpty else {
            let found = (0..<width).prefix(6).map { parser.text(row, $0) }.joined(separator: ", ")
            let units = missing.map { otherUnit(of: $0) }.joined()
            throw parser.problem(
                Self.otherFile(indices).flatMap { file.contains($0.drop { $0 != " " }) ? nil : $0 }.map {
                    "this is \($0), not \(file); give \(file)"
                }
                    ?? "the header lacks \(missing.joined(separator: ", ")); found \(found)\(width > 6 ? ", ..." : "")\(units)",
                in: row, 0, name: nil)
        }
    }

    /// A word on a column that has the name but for its unit; empty where there is none.
    func otherUnit(of name: String) -> String {
        guard name.hasSuffix("_ms") else { return "" }
        let stem = name.dropLast(3)
        let other = ["_s", "_sec", "_seconds", "_us", "_ns", ""].map { stem + $0 }.first { indices[String($0)] != nil }
        return other.map { "; there is \($0), and times are milliseconds here: convert it and name it \(name)" } ?? ""
    }

    /// What file of an export the header belongs to.
    private static func otherFile(_ indices: [String: Int]) -> String? {
        func has(_ names: String...) -> Bool { names.allSatisfy { indices[$0] != nil } }
        if has("metric", "stat", "value") { return "a summary.csv" }
        if has("event_index", "offset_ms") { return "an events.csv" }
        if has("started_monotonic_ns", "boot_id") { return "a runs.csv" }
        if has("request_index", "status") { return "a requests.csv" }
        return nil
    }

    /// Moves to the next row; false means that there is none.
    mutating func next() throws(ExchangeError) -> Bool {
        guard try parser.next(into: &row) else { return false }
        guard row.count == width else {
            let count = row.count == 1 ? "1 cell" : "\(row.count) cells"
            throw parser.problem("found \(count) in this row; the header has \(width)", in: row, 0, name: nil)
        }
        return true
    }

    func has(_ name: String) -> Bool { indices[name] != nil }

    /// The cell's text; nil where the cell is empty or there is no such column.
    func text(_ name: String) -> String? {
        guard let index = indices[name], !parser.bytes(row, index).isEmpty else { return nil }
        return parser.text(row, index)
    }

    func requiredText(_ name: String) throws(ExchangeError) -> String {
        guard let text = text(name) else { throw problem(name, "the cell is empty; a value is required") }
        return text
    }

    func integer(_ name: String) throws(ExchangeError) -> Int? {
        guard let text = text(name) else { return nil }
        // Data frames write integers with gaps as 12.0.
        let digits = text.hasSuffix(".0") ? String(text.dropLast(2)) : text
        guard let value = Int(digits) else { throw problem(name, "found '\(text)'; expected an integer") }
        return value
    }

    /// An integer of a range; beyond it no request has one, and sums would overflow.
    func integer(_ name: String, in allowed: ClosedRange<Int>) throws(ExchangeError) -> Int? {
        guard let value = try integer(name) else { return nil }
        guard allowed.contains(value) else {
            throw problem(name, "found \(value); allowed are \(allowed.lowerBound) to \(allowed.upperBound)")
        }
        return value
    }

    func requiredInteger(_ name: String, in allowed: ClosedRange<Int>) throws(ExchangeError) -> Int {
        guard let value = try integer(name, in: allowed) else {
            throw problem(name, "the cell is empty; an integer is required")
        }
        return value
    }

    /// A count of tokens, events or characters.
    func count(_ name: String) throws(ExchangeError) -> Int? { try integer(name, in: 0...TokenUsage.greatestCount) }

    func requiredCount(_ name: String) throws(ExchangeError) -> Int {
        try requiredInteger(name, in: 0...TokenUsage.greatestCount)
    }

    func boolean(_ name: String) throws(ExchangeError) -> Bool? {
        switch text(name) {
        case nil: nil
        case "true"?, "True"?: true
        case "false"?, "False"?: false
        case let text?: throw problem(name, "found '\(text)'; allowed are true and false")
        }
    }

    /// Ten years: no run takes longer, and sums of a few such lengths do not overflow.
    private static let longest = Nanoseconds(seconds: 315_576_000)

    /// A length of time of at least nothing.
    func milliseconds(_ name: String) throws(ExchangeError) -> Nanoseconds? {
        let value = try signedMilliseconds(name)
        if let value, value < .zero {
            throw problem(name, "found \(text(name) ?? ""); allowed are 0 and more milliseconds")
        }
        return value
    }

    /// An offset or a difference, which may be negative.
    func signedMilliseconds(_ name: String) throws(ExchangeError) -> Nanoseconds? {
        guard let index = indices[name] else { return nil }
        let bytes = parser.bytes(row, index)
        if bytes.isEmpty { return nil }
        guard let value = Nanoseconds(decimalMilliseconds: bytes) else {
            throw problem(name, "found '\(parser.text(row, index))'; expected milliseconds such as 12.345678")
        }
        guard value <= Self.longest, value.count >= -Self.longest.count else {
            throw problem(name, "found \(parser.text(row, index)); allowed are milliseconds of at most ten years")
        }
        return value
    }

    func requiredMilliseconds(_ name: String) throws(ExchangeError) -> Nanoseconds {
        guard let value = try milliseconds(name) else {
            throw problem(name, "the cell is empty; milliseconds are required")
        }
        return value
    }

    func value<Value: RawRepresentable & CaseIterable>(
        _ name: String, as type: Value.Type = Value.self
    ) throws(ExchangeError) -> Value where Value.RawValue == String {
        let text = try requiredText(name)
        guard let value = Value(rawValue: text) else {
            let allowed = Value.allCases.map(\.rawValue).joined(separator: ", ")
            throw problem(name, "found '\(text)'; allowed are \(allowed)")
        }
        return value
    }

    /// An error about a cell of the current row.
    func problem(_ name: String, _ problem: String) -> ExchangeError {
        parser.problem(problem, in: row, indices[name] ?? 0, name: name)
    }
}

extension Nanoseconds {
    /// Reads decimal milliseconds without a detour through floating point; digits beyond nanoseconds are rounded, and
    /// an exponent, which other tools may write, is read as a floating-point number.
    fileprivate init?(decimalMilliseconds bytes: ArraySlice<UInt8>) {
        var rest = bytes
        let isNegative = rest.first == UInt8(ascii: "-")
        if isNegative { rest.removeFirst() }
        var count: Int64 = 0
        var digits = 0
        var decimals: Int?
        for byte in rest {
            if byte == UInt8(ascii: "."), decimals == nil {
                decimals = 0
                continue
            }
            guard byte >= 0x30, byte <= 0x39 else {
                guard let value = Double(String(decoding: bytes, as: UTF8.self)), abs(value) < 9e12 else { return nil }
                self.init(milliseconds: value)
                return
            }
            digits += 1
            if let known = decimals {
                decimals = known + 1
                if known == 6, byte >= 0x35 { count += 1 }
                if known >= 6 { continue }
            }
            let (product, overflow) = count.multipliedReportingOverflow(by: 10)
            let (sum, overflowAgain) = product.addingReportingOverflow(Int64(byte - 0x30))
            guard !overflow, !overflowAgain else { return nil }
            count = sum
        }
        guard digits > 0 else { return nil }
        for _ in min(decimals ?? 0, 6)..<6 {
            let (product, overflow) = count.multipliedReportingOverflow(by: 10)
            guard !overflow else { return nil }
            count = product
        }
        self.init(isNegative ? -count : count)
    }
}
