import Metrics
import Timeline

/// Under what conditions a run was measured: machine, clock, versions.
struct EnvironmentLines: Sendable {
    var run: RunDescription
    var painter: Painter

    /// The conditions as pairs of a label and a text that is not yet made harmless.
    var pairs: [(label: String, text: String)] {
        if let source = run.importedFrom {
            return [("imported", "from a file of \(source.tool), by ttft \(run.toolVersion)")]
        }
        var pairs = [
            ("machine", "\(run.host.name): \(run.host.system), \(run.host.processor), \(run.host.cores) cores"),
            ("clock", Phrases(painter: painter).clock(run) + ", floor \(floor)"),
            ("tool", "ttft \(run.toolVersion), \(run.libraryVersions)"),
            ("scenario", "\(run.scenarioName), hash \(run.scenarioHash), seed \(run.seed)"),
            ("order", run.isInterleaved ? "targets interleaved" : "targets one after another"),
        ]
        if let tokenizer = run.tokenizer { pairs.append(("tokenizer", tokenizer)) }
        if !run.measuringThreads.isEmpty { pairs.append(("measuring", threads)) }
        if !run.overrides.isEmpty {
            pairs.append(("overrides", run.overrides.map(Self.name(of:)).joined(separator: ", ")))
        }
        if !run.tags.isEmpty { pairs.append(("tags", run.tags.joined(separator: ", "))) }
        for (target, reason) in run.skipped.sorted(by: { $0.key < $1.key }) {
            pairs.append(("left out", "\(target): \(reason)"))
        }
        return pairs
    }

    func lines(width: Int) -> [String] {
        var table = TextTable(
            columns: [
                TextTable.Column(header: "", alignment: .left, emphasis: .faint),
                TextTable.Column(header: "", alignment: .left),
            ], indentation: 2, hasHeader: false)
        table.rows = pairs.map { pair in
            [TextTable.Cell(pair.label), TextTable.Cell(painter.clean(pair.text, width: width - 19))]
        }
        return [painter.paint("Environment", .strong)] + table.lines(width: width, painter: painter)
    }

    /// `1 thread, 12 % of a core`: what sent and stamped, and how near to its limit it came.
    private var threads: String {
        let shares = run.measuringThreads.map { NumberFormat.fixed($0.share * 100, decimals: 0) + " %" }
        return "\(shares.count) thread\(shares.count > 1 ? "s" : ""), \(shares.joined(separator: ", ")) of a core"
    }

    /// The key of an override: its value may be a header or a URL, which reports do not repeat.
    static func name(of override: String) -> String { String(override.prefix { $0 != "=" }) }

    private var floor: String { NumberFormat.bound(milliseconds: run.stampFloor.milliseconds, micro: painter.micro) }
}
