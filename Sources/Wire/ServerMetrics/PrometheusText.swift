/// Metrics of a server in Prometheus' text format (exposition format 0.0.4).
package struct PrometheusText {
    private let lines: [Substring]
    private let text: String

    package init(_ bytes: [UInt8]) {
        text = String(decoding: bytes, as: UTF8.self)
        lines = text.split { $0 == "\n" || $0 == "\r\n" }.filter { !$0.hasPrefix("#") }
    }

    /// The value of a metric, named as the server does; nil where there is none, or one that is no number.
    ///
    /// With `{labels}` it is that of one series, without them the sum of all.
    package func value(of name: String) -> Double? {
        let found = lines.compactMap(Self.series).filter { $0.name == name || $0.name + $0.labels == name }
        guard !found.isEmpty else { return nil }
        let sum = found.reduce(0) { $0 + $1.value }
        return sum.isFinite ? sum : nil
    }

    /// Takes a line apart; the labels are as written, in their braces.
    private static func series(_ line: Substring) -> (name: Substring, labels: Substring, value: Double)? {
        let name = line.prefix { $0 != "{" && $0 != " " && $0 != "\t" }
        var end = name.endIndex
        if end < line.endIndex, line[end] == "{" {
            guard let brace = closingBrace(of: line[end...]) else { return nil }
            end = line.index(after: brace)
        }
        // A timestamp may follow the value.
        let rest = line[end...].split { $0 == " " || $0 == "\t" || $0 == "\r" }
        guard let value = rest.first.flatMap({ Double($0) }) else { return nil }
        return (name, line[name.endIndex..<end], value)
    }

    /// Label values are quoted, and may hold braces and escaped quotes.
    private static func closingBrace(of text: Substring) -> Substring.Index? {
        var isQuoted = false
        var isEscaped = false
        for index in text.indices {
            switch text[index] {
            case _ where isEscaped: isEscaped = false
            case "\\" where isQuoted: isEscaped = true
            case "\"": isQuoted.toggle()
            case "}" where !isQuoted: return index
            default: continue
            }
        }
        return nil
    }
}
