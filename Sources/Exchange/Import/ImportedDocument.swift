import Timeline

/// A file of one JSON value, or of one on each line, whose values know their places.
struct ImportedDocument {
    let path: String
    let values: [ImportedValue]

    init(bytes: [UInt8], path: String) throws(ExchangeError) {
        self.path = path
        let start = bytes.starts(with: [0xef, 0xbb, 0xbf]) ? 3 : 0
        let body = Array(bytes[start...])
        guard body.contains(where: { ![0x20, 0x09, 0x0a, 0x0d].contains($0) }) else {
            throw .malformed(path: path, line: 1, column: 1, name: nil, problem: "the file is empty; expected JSON")
        }
        do {
            values = [ImportedValue(try JSONValue(parsing: body), path: path, line: 1, name: "")]
        } catch {
            values = try Self.lines(of: body, path: path, whole: error)
        }
    }

    /// Reads a value from each line; a file whose first line is no value is told as the one text that it is.
    private static func lines(
        of bytes: [UInt8], path: String, whole: JSONSyntaxError
    ) throws(ExchangeError) -> [ImportedValue] {
        var values: [ImportedValue] = []
        for (index, line) in bytes.split(separator: 0x0a, omittingEmptySubsequences: false).enumerated()
        where line.contains(where: { ![0x20, 0x09, 0x0d].contains($0) }) {
            do {
                let value = try JSONValue(parsing: Array(line))
                values.append(ImportedValue(value, path: path, line: index + 1, name: ""))
            } catch {
                let failure = values.isEmpty ? whole : error
                let text = values.isEmpty ? bytes : Array(line)
                let before = text[..<min(failure.offset, text.count)]
                let lineStart = before.lastIndex(of: 0x0a).map { $0 + 1 } ?? 0
                throw .malformed(
                    path: path, line: (values.isEmpty ? 1 : index + 1) + before.count { $0 == 0x0a },
                    column: String(decoding: before[lineStart...], as: UTF8.self).count + 1, name: nil,
                    problem: "not JSON: expected \(failure.expectation); is the file whole?")
            }
        }
        return values
    }

    /// An error about the file as a whole.
    func problem(_ text: String) -> ExchangeError {
        .malformed(path: path, line: 1, column: 1, name: nil, problem: text)
    }
}

/// A value of another tool's file, with its place in words for messages: `benchmarks.0.requests`.
struct ImportedValue {
    let json: JSONValue
    private let path: String
    private let line: Int
    private let name: String

    init(_ json: JSONValue, path: String, line: Int, name: String) {
        self.json = json
        self.path = path
        self.line = line
        self.name = name
    }

    /// The value of a member; nil where there is none, or where it is null.
    subscript(member: String) -> ImportedValue? {
        guard let value = json[member], value != .null else { return nil }
        return ImportedValue(value, path: path, line: line, name: name.isEmpty ? member : "\(name).\(member)")
    }

    var arrayValue: [ImportedValue]? {
        json.arrayValue?.enumerated().map { index, value in
            ImportedValue(value, path: path, line: line, name: name.isEmpty ? "\(index)" : "\(name).\(index)")
        }
    }

    var stringValue: String? { json.stringValue }

    func required(_ member: String, of file: String) throws(ExchangeError) -> ImportedValue {
        guard let value = self[member] else { throw problem("'\(member)' is missing; expected \(file)") }
        return value
    }

    func array() throws(ExchangeError) -> [ImportedValue] {
        guard let values = arrayValue else { throw problem("found \(kind); expected an array") }
        return values
    }

    func number() throws(ExchangeError) -> Double {
        guard let value = json.doubleValue else { throw problem("found \(kind); expected a number") }
        return value
    }

    /// A count of tokens, which some tools write as a floating-point number.
    func count() throws(ExchangeError) -> Int {
        guard let value = json.integerValue, 0...TokenUsage.greatestCount ~= value else {
            throw problem("found \(kind); expected a number of tokens")
        }
        return value
    }

    /// A length of time of at least nothing, from a number of units of so many seconds.
    func length(unit: Double) throws(ExchangeError) -> Nanoseconds {
        let value = try number()
        guard value >= 0, value * unit < Self.longestLength else {
            throw problem("found \(kind); expected a length of time, at least 0 and below ten years")
        }
        return Nanoseconds(seconds: value * unit)
    }

    /// Offsets of chunks from the first one's and the gaps behind it.
    func offsets(from first: Nanoseconds?, unit: Double) throws(ExchangeError) -> [Nanoseconds] {
        var offsets = first.map { [$0] } ?? []
        for gap in try array() {
            let offset = (offsets.last ?? .zero) + (try gap.length(unit: unit))
            guard offset.seconds < Self.longestLength else {
                throw gap.problem("the gaps up to this one come to more than ten years")
            }
            offsets.append(offset)
        }
        return offsets
    }

    /// Refuses a time of a request that lies before one that must come first, by more than rounding explains.
    func check(_ time: Nanoseconds, follows earlier: Nanoseconds?, named name: String) throws(ExchangeError) {
        guard let earlier, time.milliseconds + 1 < 0.99 * earlier.milliseconds else { return }
        throw problem("found \(kind), which is before \(name); one of them is wrong, or of another unit")
    }

    /// Nanoseconds since some instant of the file's own clock.
    func instant(unit: Double) throws(ExchangeError) -> Int64 {
        let value = try number()
        guard value >= 0, value * unit < Self.longest else {
            throw problem("found \(kind); expected an instant in \(unit == 1 ? "seconds" : "nanoseconds"), at least 0")
        }
        if unit == 1e-9, let whole = json.integerValue { return Int64(whole) }
        // Whole seconds apart from their fraction: together they have more digits than a Double.
        let whole = (value * unit).rounded(.down)
        return Int64(whole) * 1_000_000_000 + Int64(((value * unit - whole) * 1e9).rounded())
    }

    /// A century, and ten years: sums of a few of them do not overflow.
    private static let longest = 3_155_760_000.0
    private static let longestLength = 315_576_000.0

    func problem(_ text: String) -> ExchangeError {
        .malformed(path: path, line: line, column: 1, name: name.isEmpty ? nil : name, problem: text)
    }

    private var kind: String {
        switch json {
        case .object: "an object"
        case .array: "an array"
        case .string(let text): "'\(text.prefix(40))'"
        default: json.text
        }
    }
}
