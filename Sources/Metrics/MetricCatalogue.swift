/// Every metric that the tool prints, with the definition that it prints it by.
package enum MetricCatalogue {
    package static let all: [MetricDefinition] =
        firstToken + pace + smoothness + volume + reading + streaming + relays + tools + structure + server
        + cancellation + answerShares + perRun

    /// The metric of this name; those of single fields are made as they are asked for.
    package static func named(_ name: String) -> MetricDefinition? {
        if let metric = byName[name] { return metric }
        guard name.hasPrefix(fieldPrefix), name.count > fieldPrefix.count else { return nil }
        return field(String(name.dropFirst(fieldPrefix.count)))
    }

    private static let byName = Dictionary(uniqueKeysWithValues: all.map { ($0.name, $0) })

    /// The metrics whose values are gaps, many in one request.
    static let gapMetrics: Set<String> = ["itl", "icl"]

    /// The names that a limit on single requests (`slo:`) can use: those with one value per request.
    package static let requestLimitNames: [String] =
        all.filter {
            !$0.isOnePerRun && !gapMetrics.contains($0.name) && !ofCancelled.contains($0.name)
                && !ofPairs.contains($0.name)
        }.map(\.name)
}
