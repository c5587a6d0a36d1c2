import Timeline

// Tokens that nobody counted are estimated as one per content event: shown with a warning, and never decided by.
extension MetricDefinition {
    /// Whether a count of tokens enters its values.
    var isPerToken: Bool { MetricCatalogue.perToken.contains(name) }
}

extension TargetSample {
    /// Whether some complete stream's tokens are estimates.
    var estimatesTokens: Bool { complete.contains(where: \.tokens.areEstimated) }
}

extension TargetSummary {
    /// Why a figure decides nothing, and what to do; nil where its tokens were counted, or where it needs none.
    package func estimation(of metric: String) -> String? {
        let estimated = tokenSources[TokenAttribution.Source.events.rawValue] ?? 0
        guard estimated > 0, decidingMetrics(of: metric).contains(where: MetricCatalogue.perToken.contains) else {
            return nil
        }
        return
            "nobody counted the tokens of \(estimated) of \(complete) streams, and estimates decide nothing: ask the "
            + "server for usage in the stream, or set tokenizer: to a rank file"
    }

    /// Goodput rests on what the limits on requests are of.
    private func decidingMetrics(of metric: String) -> [String] {
        metric.hasPrefix("goodput") ? objectives.map(\.metric) : [metric]
    }
}
