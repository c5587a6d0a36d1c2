import Timeline

extension RateLimits {
    /// All but `retryAfter`, which has a column of its own.
    var json: JSONValue {
        [
            "should_retry": shouldRetry.map { .bool($0) } ?? .null,
            "allowances": .array(
                allowances.map { allowance in
                    let integer = { (value: Int?) -> JSONValue in value.map { .integer($0) } ?? .null }
                    return [
                        "name": .string(allowance.name), "limit": integer(allowance.limit),
                        "remaining": integer(allowance.remaining),
                        "reset_ns": integer(allowance.reset.map { Int($0.count) }),
                    ]
                }),
        ]
    }

    /// Reads what `json` wrote.
    init(json: JSONValue, retryAfter: Nanoseconds?) {
        var shouldRetry: Bool?
        if case .bool(let value)? = json["should_retry"] { shouldRetry = value }
        let allowances = (json["allowances"]?.arrayValue ?? []).map { value in
            Allowance(
                name: value["name"]?.stringValue ?? "", limit: value["limit"]?.integerValue,
                remaining: value["remaining"]?.integerValue,
                reset: value["reset_ns"]?.integerValue.map { Nanoseconds(Int64($0)) })
        }
        self.init(retryAfter: retryAfter, shouldRetry: shouldRetry, allowances: allowances)
    }
}
