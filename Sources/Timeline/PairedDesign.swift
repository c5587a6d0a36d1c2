/// What a comparison in pairs was to find out, fixed before its first request.
package struct PairedDesign: Sendable, Equatable {
    /// The names of the two targets.
    package var baseline: String
    package var candidate: String
    /// The metrics of single requests that are judged; the success rate is always judged with them.
    package var metrics: [String]
    /// The share by which a metric may get worse without being called a regression.
    package var margin: Double
    /// The share of requests by which successes may become fewer without being called a regression.
    package var successMargin: Double
    /// The probability, over all metrics and all looks together, that a change of no more than the margin is called a
    /// regression.
    package var errorRate: Double
    /// The numbers of pairs at which the verdict is sought, rising; after the last there is none more.
    package var looks: [Int]
    /// After so many pairs both targets get new connections.
    package var pairsPerConnection: Int
    /// The requests of one side that follow each other before the other side's: 1 where the sides alternate.
    package var requestsPerBlock: Int

    package init(
        baseline: String, candidate: String, metrics: [String], margin: Double = 0.05, successMargin: Double = 0.02,
        errorRate: Double = 0.01, looks: [Int], pairsPerConnection: Int = 10,
        requestsPerBlock: Int = 1
    ) {
        self.baseline = baseline
        self.candidate = candidate
        self.metrics = metrics
        self.margin = margin
        self.successMargin = successMargin
        self.errorRate = errorRate
        self.looks = looks
        self.pairsPerConnection = pairsPerConnection
        self.requestsPerBlock = requestsPerBlock
    }

    /// The error that one look may spend: they share it evenly, which was decided before anything was seen.
    package var errorRatePerLook: Double { errorRate / Double(max(1, looks.count)) }

    /// The error of one metric at one look, were each tested by itself; what intervals are made for.
    package var errorRatePerFigure: Double { errorRatePerLook / Double(metrics.count + 1) }
}
