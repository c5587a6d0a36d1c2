import Timeline

extension JSONValue {
    /// A number with at most six decimals, which is a nanosecond where the unit is a millisecond; null where missing.
    static func rounded(_ value: Double?) -> JSONValue {
        guard let value, value.isFinite else { return .null }
        return .number(Double(NumberFormat.exact(value)) ?? value)
    }

    static func optional(_ text: String?) -> JSONValue { text.map(JSONValue.string) ?? .null }

    static func optional(_ count: Int?) -> JSONValue { count.map(JSONValue.integer) ?? .null }

    /// An object whose members stand in the order of their names, so that output is stable.
    static func sorted(_ counts: [String: Int]) -> JSONValue {
        .object(counts.sorted { $0.key < $1.key }.map { Member($0.key, .integer($0.value)) })
    }

    static func strings(_ texts: [String]) -> JSONValue { .array(texts.map(JSONValue.string)) }
}
