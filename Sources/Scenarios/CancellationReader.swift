import Timeline

/// Reads `cancel`: which share of the requests is ended on purpose, and when.
enum CancellationReader {
    private static let example = "{share: 0.2, after: {tokens: 10}}"

    static func plan(_ cursor: YAMLCursor?) -> CancellationPlan? {
        guard let mapping = cursor?.mapping(["share", "after"], example: example) else { return nil }
        let share = mapping["share"].map { $0.number(0...1, "a share from 0 to 1, such as 0.2") } ?? 1
        let point = mapping.required("after", example: "after: {tokens: 10}").flatMap(point)
        guard let share, let point else { return nil }
        return CancellationPlan(share: share, point: point)
    }

    private static func point(_ cursor: YAMLCursor) -> CancellationPlan.Point? {
        guard let mapping = cursor.mapping(["tokens", "seconds"], example: "{tokens: 10} or {seconds: 1}"),
            let (key, value) = mapping.exactlyOne(of: ["tokens", "seconds"], example: "tokens: 10")
        else { return nil }
        if key == "tokens" { return value.integer(1...1_000_000).map { .tokens($0) } }
        return value.number(0.001...86_400, "seconds from 0.001 to 86400, without a unit").map { .time(.seconds($0)) }
    }
}
