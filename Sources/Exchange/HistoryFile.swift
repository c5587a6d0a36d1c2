package import Timeline

/// Runs to hold later ones against, in a text file that lives beside the code: one JSON object a line.
///
/// Two branches that add lines merge by keeping all of them, in any order (`merge=union` in `.gitattributes`).
package struct HistoryFile: Sendable {
    /// No run takes more; what would is refused rather than cut.
    package static let lineLimit = 2_048
    private static let version = 1

    package private(set) var entries: [HistoryEntry] = []

    /// Reads a file's text; `path` names it in messages.
    package init(text: String, path: String) throws(ExchangeError) {
        // By bytes: as characters, a carriage return and a line feed are one, which is neither.
        let lines = text.utf8.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false)
        for (position, bytes) in lines.enumerated() {
            let line = String(decoding: bytes.last == UInt8(ascii: "\r") ? bytes.dropLast() : bytes, as: UTF8.self)
            guard line.contains(where: { !$0.isWhitespace }) else { continue }
            entries.append(try Self.entry(line, path: path, line: position + 1))
        }
    }

    private static func entry(_ text: String, path: String, line: Int) throws(ExchangeError) -> HistoryEntry {
        func flaw(_ problem: String) -> ExchangeError {
            .malformed(path: path, line: line, column: 1, name: nil, problem: problem)
        }
        if ["<<<<<<<", "=======", ">>>>>>>"].contains(where: text.hasPrefix) {
            throw flaw("a merge is not finished here; keep the lines of both sides and drop this one")
        }
        guard let value = try? JSONValue(parsing: text), let runID = value["run"]?.stringValue,
            let started = value["started_ns"]?.integerValue, let hash = value["scenario"]?.stringValue,
            let host = value["host"]?.stringValue, case .object(let targets)? = value["targets"]
        else {
            throw flaw(
                "not a run's line; expected an object with run, started_ns, scenario, host and targets, as "
                    + "ttft baseline add writes it")
        }
        guard value["version"]?.integerValue == version else {
            throw flaw("a line of version \(value["version"]?.text ?? "none"); this ttft reads \(version)")
        }
        var figures: [String: [String: Double]] = [:]
        for target in targets {
            guard case .object(let members) = target.value else {
                throw flaw(
                    "found \(target.value.text.prefix(40)) for \(target.name); expected an object with its figures")
            }
            for member in members {
                guard let value = member.value.doubleValue, isAllowed(value, for: member.name) else {
                    throw flaw(
                        "found \(member.value.text.prefix(40)) for \(target.name) \(member.name); expected "
                            + (member.name == "success" ? "a share from 0 to 1" : "a number above 0"))
                }
                figures[target.name, default: [:]][member.name] = value
            }
        }
        return HistoryEntry(
            runID: runID, started: Int64(started), scenarioHash: hash, hostClass: host, figures: figures)
    }

    /// A figure that could not have been measured would drop its run from the history without a word.
    private static func isAllowed(_ value: Double, for figure: String) -> Bool {
        figure == "success" ? 0...1 ~= value : value > 0 && value.isFinite
    }

    /// A run's line, with its end; a time of 0, which no later run can be held against, is left out.
    package static func line(of entry: HistoryEntry) throws(ExchangeError) -> String {
        let targets = entry.figures.sorted { $0.key < $1.key }.map { target in
            JSONValue.Member(
                target.key,
                .object(
                    target.value.sorted { $0.key < $1.key }.compactMap { figure in
                        let rounded = (figure.value * 1e6).rounded() / 1e6
                        guard isAllowed(rounded, for: figure.key) else { return nil }
                        return JSONValue.Member(figure.key, .number(rounded))
                    }))
        }
        let value: JSONValue = [
            "version": .integer(version), "run": .string(entry.runID), "started_ns": .integer(Int(entry.started)),
            "scenario": .string(entry.scenarioHash), "host": .string(entry.hostClass), "targets": .object(targets),
        ]
        let line = value.text + "\n"
        guard line.utf8.count <= lineLimit else {
            throw .failed(
                path: "run \(entry.runID)",
                message: "its \(entry.figures.count) targets take \(line.utf8.count) bytes, and a line holds "
                    + "\(lineLimit); keep scenarios that are checked small")
        }
        return line
    }
}
