import Timeline

/// Where a stored value stands, for errors about it.
struct ValuePlace {
    var path: String
    /// The row, such as `run 0123456789ab`.
    var description: String

    func unreadable(_ column: String, _ reason: String) -> StoreError {
        .unreadable(path: path, place: "\(description), column \(column)", reason: reason)
    }

    /// Reads a value of an enumeration that is stored as text.
    func value<Value: RawRepresentable & CaseIterable>(
        of text: String, _ column: String
    ) throws(StoreError) -> Value where Value.RawValue == String {
        guard let value = Value(rawValue: text) else {
            let allowed = Value.allCases.map(\.rawValue).joined(separator: ", ")
            throw unreadable(column, "found '\(text)', allowed are \(allowed)")
        }
        return value
    }

    func json(_ text: String, _ column: String) throws(StoreError) -> JSONValue {
        do { return try JSONValue(parsing: text) } catch { throw unreadable(column, error.description) }
    }
}

extension JSONValue {
    init(texts: [String]) { self = .array(texts.map { .string($0) }) }

    /// The texts of an array of texts.
    var texts: [String] { arrayValue?.compactMap(\.stringValue) ?? [] }
}
