import ArgumentParser
import Metrics
import Report

/// `ttft explain`: what a number means.
struct ExplainCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "explain", abstract: "Print a metric's definition, formula, unit and what other tools call so.")

    @Argument(help: "A metric such as ttft; without one all are listed.")
    var metric: String?

    @Flag(help: "Print JSON.")
    var json = false

    func run() throws {
        try Failure.reporting {
            guard let metric else {
                let all = MetricCatalogue.all + [MetricCatalogue.field("NAME")]
                return Output.result(json ? ExplainReport.json(of: all) : ExplainReport.list(of: all))
            }
            let definitions = Self.definitions(of: metric)
            guard !definitions.isEmpty else {
                let names = MetricCatalogue.all.map(\.name).joined(separator: ", ")
                throw Complaint("no metric is called '\(metric)'; there are \(names)", .validationFailure)
            }
            Output.result(
                json
                    ? ExplainReport.json(of: definitions)
                    : definitions.map(ExplainReport.text).joined(separator: "\n"))
        }
    }

    /// What the short tables call by another name than the metric's own.
    private static let labels = [
        "throughput": ["output_throughput", "request_throughput"], "total": ["output_throughput"],
        "speed": ["output_speed"],
    ]

    /// The metrics that go by a name, a title or a label of the tables, such as `TTFT p50`.
    private static func definitions(of text: String) -> [MetricDefinition] {
        var words = text.lowercased().split(whereSeparator: \.isWhitespace).map(String.init)
        if words.count > 1, let last = words.last, Statistic(rawValue: last) != nil { words.removeLast() }
        let wanted = words.joined(separator: " ")
        if let names = labels[wanted] { return names.compactMap(MetricCatalogue.named) }
        let found = MetricCatalogue.all.filter { $0.name == wanted || $0.title.lowercased() == wanted }
        // A field's name is as the answers have it, capitals and blanks too.
        return found.isEmpty ? [MetricCatalogue.named(text)].compactMap(\.self) : found
    }
}
