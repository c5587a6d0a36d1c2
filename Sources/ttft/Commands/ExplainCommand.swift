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
                let all = MetricCatalogue.all
                return Output.result(json ? ExplainReport.json(of: all) : ExplainReport.list(of: all))
            }
            guard let definition = MetricCatalogue.named(metric.lowercased()) else {
                let names = MetricCatalogue.all.map(\.name).joined(separator: ", ")
                throw Complaint("no metric is called '\(metric)'; there are \(names)", .validationFailure)
            }
            Output.result(json ? ExplainReport.json(of: [definition]) : ExplainReport.text(of: definition))
        }
    }
}
