import Timeline

/// The columns of requests.csv that tell the server's limits, as the headers of the answer gave them.
extension RequestColumns {
    static let rateLimits = limitNames.flatMap(allowance) + [others]

    /// The limits that have columns of their own.
    static let limitNames = ["requests", "tokens"]

    private static func allowance(_ name: String) -> [CSVColumn<RequestRow>] {
        let find = { @Sendable (row: RequestRow) in
            row.record.rateLimits?.allowances.first { $0.name == name }
        }
        return [
            CSVColumn("limit_\(name)", .integer, "The server's limit on \(name).") { $1.integer(find($0)?.limit) },
            CSVColumn("remaining_\(name)", .integer, "What was left of the limit on \(name).") {
                $1.integer(find($0)?.remaining)
            },
            CSVColumn("reset_\(name)_ms", .number, unit: "ms", "From the answer to the reset of that limit.") {
                $1.milliseconds(find($0)?.reset)
            },
        ]
    }

    /// Limits that only some servers have.
    private static let others = CSVColumn<RequestRow>(
        "other_limits", .string, "Limits of other names, as name=remaining/limit with spaces between them."
    ) { row, cell in
        let allowances = (row.record.rateLimits?.allowances ?? []).filter { !limitNames.contains($0.name) }
        cell.text(allowances.isEmpty ? nil : allowances.map(text).joined(separator: " "))
    }

    private static func text(_ allowance: RateLimits.Allowance) -> String {
        let number = { (value: Int?) in value.map(String.init) ?? "?" }
        return "\(allowance.name)=\(number(allowance.remaining))/\(number(allowance.limit))"
    }
}
