package import Metrics
package import Timeline

/// Everything that is shown of a run while it goes on.
package struct LiveState: Sendable {
    package var run: RunDescription
    package var figures: LiveFigures
    /// The processor time of this process since the last state, in shares of one core; nil where nobody has asked.
    package var processorShare: Double?
    /// What people were told meanwhile, the oldest first.
    package var notices: [String]

    package init(
        run: RunDescription, figures: LiveFigures, processorShare: Double? = nil, notices: [String] = []
    ) {
        self.run = run
        self.figures = figures
        self.processorShare = processorShare
        self.notices = notices
    }

    /// `00:42`, or `1:00:42` from an hour on.
    static func clock(_ length: Nanoseconds) -> String {
        let seconds = max(0, Int(length.seconds))
        let twoDigits = { (number: Int) in (number < 10 ? "0" : "") + String(number) }
        let rest = "\(twoDigits(seconds / 60 % 60)):\(twoDigits(seconds % 60))"
        return seconds < 3600 ? rest : "\(seconds / 3600):\(rest)"
    }
}
