import Foundation
import Testing
import Timeline

/// What `Tests/Reference/recompute.py` made of an export, with pandas and nothing of ours.
struct Recomputation {
    /// Compared cells by metric.
    let compared: JSONValue
    /// Rows by file, as pandas and DuckDB agree on them.
    let rows: JSONValue
    let differences: [String]

    init(_ export: URL) throws {
        let script = Tool.root.appendingPathComponent("Tests/Reference/recompute.py").path
        let result = try Tool.python(script, export.path)
        try #require(result.status == 0, "\(result.errors)")
        let report = try JSONValue(parsing: result.output)
        compared = try #require(report["compared"])
        rows = try #require(report["rows"])
        differences = try #require(report["differences"]?.arrayValue).compactMap(\.stringValue)
    }
}
