package import Metrics
import Timeline

/// Targets side by side: every figure with its interval, and the ratios to the first with theirs, and no verdict.
package struct ComparisonReport: Sendable {
    /// One side of a comparison.
    package struct Column: Sendable {
        /// Unique among the columns; the comparisons name their sides by it.
        package var label: String
        package var runID: String
        package var summary: TargetSummary

        package init(label: String, runID: String, summary: TargetSummary) {
            self.label = label
            self.runID = runID
            self.summary = summary
        }
    }

    let columns: [Column]
    let comparisons: [TargetComparison]
    /// By what share a run differs from itself, as its standard deviation; nil where that is not known.
    let noise: Double?

    package init(columns: [Column], comparisons: [TargetComparison], noise: Double? = nil) {
        self.columns = columns
        self.comparisons = comparisons
        self.noise = noise
    }

    /// Why no ratio here is called a regression; nil where all columns are of one run.
    package var note: String? {
        if isOfOneRun {
            return "All sides are the same run and target: every ratio is 1, and its interval shows only how far "
                + "drawing the same requests again would move it."
        }
        let runs = Set(columns.map(\.runID)).count
        guard runs > 1 else { return nil }
        if let noise { return noted(noise: noise) }
        let drift =
            "the server, the network and the hour changed between them too. Two targets of one scenario are "
            + "measured in turns and can."
        guard runs == 2 else { return "Single runs cannot tell a regression from drift: \(drift)" }
        let apart = titles { $0.isApart == true }
        let start =
            apart.isEmpty
            ? "Not to be told apart in these two runs" : "Different in these two runs (\(apart))"
        return "\(start); two runs cannot tell a regression from drift: \(drift)"
    }

    /// What differs by more than drift and chance together, where it is known how far a run differs from itself.
    private func noted(noise: Double) -> String {
        let share = "\(NumberFormat.trimmed(noise * 100)) %"
        let apart = titles { figure in figure.interval(noise: noise).map { !$0.contains(1) } ?? false }
        return "With \(share) from run to run, what is beyond drift and chance together: "
            + (apart.isEmpty ? "nothing." : "\(apart).")
    }

    /// The figures between different runs of which something is so, with the change where there is one column only.
    private func titles(where isSo: (ComparedFigure) -> Bool) -> String {
        columns.dropFirst().flatMap { column -> [String] in
            guard column.runID != columns[0].runID else { return [] }
            return figures.compactMap { figure in
                guard let compared = compared(column, figure), isSo(compared) else { return nil }
                return columns.count == 2 ? title(figure) : "\(column.label) \(title(figure))"
            }
        }.joined(separator: ", ")
    }

    private var isOfOneRun: Bool {
        columns.count > 1
            && columns.allSatisfy {
                $0.runID == columns[0].runID && $0.summary.target.name == columns[0].summary.target.name
            }
    }

    /// The figures that are compared, in the order of the first comparison.
    var figures: [(metric: MetricDefinition, statistic: Statistic)] {
        (comparisons.first?.figures ?? []).map { (metric: $0.metric, statistic: $0.statistic) }
    }

    func estimate(_ column: Column, _ figure: (metric: MetricDefinition, statistic: Statistic)) -> Estimate? {
        column.summary[metric: figure.metric.name]?[figure.statistic]
    }

    /// A column's figure held against the baseline; nil for the baseline itself.
    func compared(_ column: Column, _ figure: (metric: MetricDefinition, statistic: Statistic)) -> ComparedFigure? {
        comparisons.first { $0.candidate == column.label }?.figures.first {
            $0.metric.name == figure.metric.name && $0.statistic == figure.statistic
        }
    }

    func title(_ figure: (metric: MetricDefinition, statistic: Statistic)) -> String {
        figure.statistic == .value ? figure.metric.title : "\(figure.metric.title) \(figure.statistic.rawValue)"
    }

    /// `1.168 [1.121, 1.219]`: a ratio and its interval; empty where there is none.
    static func ratio(_ figure: ComparedFigure?) -> String {
        guard let figure, let ratio = figure.ratio else { return "" }
        let decimals = max(2, NumberFormat.decimals(for: ratio, interval: figure.interval))
        let interval = figure.interval.map { " \(NumberFormat.interval($0, decimals: decimals))" } ?? " (no interval)"
        return NumberFormat.fixed(ratio, decimals: decimals) + interval
    }
}
