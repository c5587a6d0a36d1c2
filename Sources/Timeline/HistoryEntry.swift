/// What is kept of a run so that later runs can be held against it: figures alone, no text.
package struct HistoryEntry: Sendable, Equatable {
    package var runID: String
    /// Nanoseconds since 1970.
    package var started: Int64
    package var scenarioHash: String
    /// Machines of one class measure alike: the processor and the number of its cores.
    package var hostClass: String
    /// By target, then by figure, such as `ttft.p50`; in the metric's unit.
    package var figures: [String: [String: Double]]

    package init(
        runID: String, started: Int64, scenarioHash: String, hostClass: String, figures: [String: [String: Double]]
    ) {
        self.runID = runID
        self.started = started
        self.scenarioHash = scenarioHash
        self.hostClass = hostClass
        self.figures = figures
    }
}

extension HistoryEntry {
    /// Whether it is known of what scenario and on what machine it was measured; of another tool's runs it is not.
    package var hasOrigin: Bool {
        let unknown = HostDescription(name: "", system: "", processor: "", cores: 0, bootID: "").hostClass
        return !scenarioHash.isEmpty && !hostClass.isEmpty && hostClass != unknown
    }
}

extension HostDescription {
    package var hostClass: String { "\(processor), \(cores) cores" }
}
