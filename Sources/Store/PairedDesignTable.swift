import Timeline

/// The table `paired_designs`: what a run's pairs were to find out, as a row and back.
struct PairedDesignTable {
    private static let columns =
        "baseline, candidate, metrics, margin, success_margin, error_rate, looks, pairs_per_connection, "
        + "requests_per_block"

    static let insertion = "INSERT INTO paired_designs (run_id, \(columns)) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"

    /// Takes a run's id.
    static let selection = "SELECT \(columns) FROM paired_designs WHERE run_id = ?"

    static func bind(_ design: PairedDesign, runID: String, to statement: Statement) {
        statement.bind(runID)
        statement.bind(design.baseline)
        statement.bind(design.candidate)
        statement.bind(JSONValue(texts: design.metrics).text)
        statement.bind(design.margin)
        statement.bind(design.successMargin)
        statement.bind(design.errorRate)
        statement.bind(JSONValue.array(design.looks.map { .integer($0) }).text)
        statement.bind(design.pairsPerConnection)
        statement.bind(design.requestsPerBlock)
    }

    static func design(from statement: Statement, runID: String) throws(StoreError) -> PairedDesign {
        let place = ValuePlace(path: statement.path, description: "the paired design of run \(runID)")
        return PairedDesign(
            baseline: statement.string(), candidate: statement.string(),
            metrics: try place.json(statement.string(), "metrics").texts, margin: statement.real(),
            successMargin: statement.real(), errorRate: statement.real(),
            looks: (try place.json(statement.string(), "looks").arrayValue ?? []).compactMap(\.integerValue),
            pairsPerConnection: statement.integer(), requestsPerBlock: statement.integer())
    }
}
