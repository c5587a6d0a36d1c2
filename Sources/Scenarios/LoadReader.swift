import Timeline

/// What `load` says.
struct Load: Equatable {
    var shape = LoadShape.closed(concurrency: 1)
    var amount = LoadAmount.requests(1)
    var warmup: Int?
}

/// Reads `load`.
struct LoadReader {
    static let example = "load: {closed: {concurrency: 4}, requests: 100}"
    static let keys = ["closed", "open", "requests", "duration", "warmup"]

    let cursor: YAMLCursor

    func read() -> Load {
        var load = Load()
        guard let mapping = cursor.mapping(Self.keys, example: "{closed: {concurrency: 4}, requests: 100}") else {
            return load
        }
        if let (key, value) = mapping.exactlyOne(of: ["closed", "open"], example: "closed: {concurrency: 4}") {
            load.shape = (key == "closed" ? readClosed(value) : readOpen(value)) ?? load.shape
        }
        if let (key, value) = mapping.exactlyOne(of: ["requests", "duration"], example: "requests: 100") {
            if key == "requests" {
                load.amount = value.integer(1...10_000_000).map { .requests($0) } ?? load.amount
            } else {
                load.amount = value.duration().map { .duration($0) } ?? load.amount
            }
        }
        if let warmup = mapping["warmup"]?.mapping(["requests"], example: "{requests: 8}") {
            load.warmup = warmup.required("requests", example: "requests: 8")?.integer(0...1_000_000)
            if load.warmup == 0 { load.warmup = nil }
        }
        return load
    }

    private func readClosed(_ cursor: YAMLCursor) -> LoadShape? {
        cursor.mapping(["concurrency"], example: "{concurrency: 4}")?
            .required("concurrency", example: "concurrency: 4")?
            .integer(1...100_000)
            .map { .closed(concurrency: $0) }
    }

    private func readOpen(_ cursor: YAMLCursor) -> LoadShape? {
        guard let mapping = cursor.mapping(["rate", "arrivals"], example: "{rate: 8, arrivals: poisson}") else {
            return nil
        }
        let rate = mapping.required("rate", example: "rate: 8")?
            .number(0.001...1_000_000, "requests per second, from 0.001 to 1000000")
        var arrivals = LoadShape.Arrivals.constant
        if let word = mapping["arrivals"]?.choice(LoadShape.Arrivals.allCases.map(\.rawValue)) {
            arrivals = LoadShape.Arrivals(rawValue: word) ?? arrivals
        }
        return rate.map { .open(rate: $0, arrivals: arrivals) }
    }
}
