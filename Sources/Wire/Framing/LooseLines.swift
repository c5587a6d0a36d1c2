import Timeline

/// What the lines of a stream that are no fields of server-sent events tell in JSON of their own.
///
/// Google's APIs write errors as bare JSON over several lines, older llama.cpp servers in a field of their own; a proxy
/// may have written other lines before them.
struct LooseLines {
    private static let errorPrefix = Array("error:".utf8)

    /// How many texts are tried that may be none, so that lines that pretend to be JSON cost little.
    private static let trials = 16

    /// The first error that is told.
    private(set) var error: ServerError?
    /// Whether a JSON text begins at a line's start and does not end.
    private(set) var isCut = false

    /// Reads lines that are joined by line feeds; every JSON text in them begins at the start of a line.
    init(_ lines: [UInt8]) {
        var start = lines.startIndex
        var trials = 0
        while start < lines.endIndex, error == nil, trials < Self.trials {
            let isField = lines[start...].starts(with: Self.errorPrefix)
            let rest = lines[start...].dropFirst(isField ? Self.errorPrefix.count : 0).drop { $0 == 0x20 }
            trials += Self.begins(rest) ? 1 : 0
            if let end = Self.end(of: rest) {
                if let value = try? JSONValue(parsing: Array(rest[..<end])) {
                    error = ServerError(loose: isField ? ["error": value] : value)
                }
            } else if Self.begins(rest) {
                isCut = true
            }
            start = lines[start...].firstIndex(of: 0x0a).map { $0 + 1 } ?? lines.endIndex
        }
    }

    private static func begins(_ text: ArraySlice<UInt8>) -> Bool {
        text.first == UInt8(ascii: "{") || text.first == UInt8(ascii: "[")
    }

    /// Where the object or array ends that a text begins with; nil where it begins with none, or does not end.
    private static func end(of text: ArraySlice<UInt8>) -> Int? {
        guard begins(text) else { return nil }
        var depth = 0
        var isInString = false
        var isEscaped = false
        for (place, byte) in zip(text.indices, text) {
            switch byte {
            case _ where isEscaped: isEscaped = false
            case UInt8(ascii: "\\"): isEscaped = isInString
            case UInt8(ascii: "\""): isInString.toggle()
            case _ where isInString: break
            case UInt8(ascii: "{"), UInt8(ascii: "["): depth += 1
            case UInt8(ascii: "}"), UInt8(ascii: "]"):
                depth -= 1
                if depth == 0 { return place + 1 }
            default: break
            }
        }
        return nil
    }
}
