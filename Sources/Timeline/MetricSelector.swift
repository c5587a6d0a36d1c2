/// A metric of a server by its name, and by labels where it names any: `requests{kind="chat"}`.
///
/// The grammar is that of a line of Prometheus' text format (exposition format 0.0.4) up to its value.
package struct MetricSelector: Sendable, Equatable {
    package var name: String
    /// With their values; in no order.
    package var labels: [String: String]

    package init(name: String, labels: [String: String] = [:]) {
        self.name = name
        self.labels = labels
    }

    /// Reads a text that is a selector and nothing else; nil where it is none.
    package init?(_ text: String) {
        var rest = Substring(text).utf8
        guard let found = Self.read(from: &rest), rest.isEmpty else { return nil }
        self = found
    }

    /// Whether a series has the name, and all the labels.
    package func matches(_ series: MetricSelector) -> Bool {
        name == series.name && labels.allSatisfy { series.labels[$0.key] == $0.value }
    }

    /// Reads what a text begins with, and leaves the rest; nil where it begins with no selector.
    package static func read(from text: inout Substring.UTF8View) -> MetricSelector? {
        skipBlanks(&text)
        guard let name = word(from: &text, allowsColon: true) else { return nil }
        var selector = MetricSelector(name: name)
        skipBlanks(&text)
        guard text.first == UInt8(ascii: "{") else { return selector }
        text.removeFirst()
        while true {
            skipBlanks(&text)
            if text.first == UInt8(ascii: "}") { break }
            guard let label = word(from: &text, allowsColon: false), skip(UInt8(ascii: "="), in: &text),
                skip(UInt8(ascii: "\""), in: &text), let value = labelValue(from: &text)
            else { return nil }
            selector.labels[label] = value
            guard skip(UInt8(ascii: ","), in: &text) || text.first == UInt8(ascii: "}") else { return nil }
        }
        text.removeFirst()
        return selector
    }

    private static func word(from text: inout Substring.UTF8View, allowsColon: Bool) -> String? {
        let word = text.prefix { byte in
            (0x61...0x7a).contains(byte | 0x20) || (0x30...0x39).contains(byte) || byte == UInt8(ascii: "_")
                || (allowsColon && byte == UInt8(ascii: ":"))
        }
        guard let first = word.first, !(0x30...0x39).contains(first) else { return nil }
        text = text[word.endIndex...]
        return String(Substring(word))
    }

    /// Reads up to the closing quote, which it takes away too.
    private static func labelValue(from text: inout Substring.UTF8View) -> String? {
        var bytes: [UInt8] = []
        while let byte = text.popFirst() {
            switch byte {
            case UInt8(ascii: "\""): return String(decoding: bytes, as: UTF8.self)
            case UInt8(ascii: "\\"):
                guard let escaped = text.popFirst() else { return nil }
                bytes.append(escaped == UInt8(ascii: "n") ? UInt8(ascii: "\n") : escaped)
            default: bytes.append(byte)
            }
        }
        return nil
    }

    /// Takes away a byte with the blanks around it; false where another one stands there.
    private static func skip(_ byte: UInt8, in text: inout Substring.UTF8View) -> Bool {
        skipBlanks(&text)
        guard text.first == byte else { return false }
        text.removeFirst()
        // What stands in quotes keeps its blanks.
        if byte != UInt8(ascii: "\"") { skipBlanks(&text) }
        return true
    }

    private static func skipBlanks(_ text: inout Substring.UTF8View) {
        text = text.drop { $0 == UInt8(ascii: " ") || $0 == UInt8(ascii: "\t") }
    }
}
