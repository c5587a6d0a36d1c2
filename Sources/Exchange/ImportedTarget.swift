package import Timeline

/// The records of one target of one run, as a file told them.
///
/// Instants count from the run's start, which is instant 0.
package struct ImportedTarget: Sendable, Equatable {
    package var runID: String
    package var scenario: String
    package var target: TargetRun
    package var records: [StreamRecord]

    package init(runID: String, scenario: String, target: TargetRun, records: [StreamRecord]) {
        self.runID = runID
        self.scenario = scenario
        self.target = target
        self.records = records
    }
}
