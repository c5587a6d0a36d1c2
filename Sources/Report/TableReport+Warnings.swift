import Metrics
import Timeline

extension TableReport {
    /// How many warnings the short form prints.
    private static let warningLimit = 2
    /// How many figures the short form names as not to be trusted.
    private static let distrustLimit = 4

    /// The warnings, each wrapped and marked; in a given room at most two of them, with the number of those left out.
    func warningLines(room: Int?) -> [String] {
        let all = warnings
        var wrapped = all.map { PrintableText.wrap($0, to: width - 2) }
        if let room {
            wrapped = Array(wrapped.prefix(Self.warningLimit))
            // A second warning does not take the place of the blank line above the table.
            while wrapped.count > 1, wrapped.reduce(1, { $0 + $1.count }) > room { wrapped.removeLast() }
            if let first = wrapped.first, first.count > room {
                wrapped[0] = first.prefix(room - 1) + [first.dropFirst(room - 1).joined(separator: " ")]
            }
        }
        if all.count > wrapped.count, let last = wrapped.last?.indices.last {
            let note = " (\(all.count - wrapped.count) more with --full)"
            let text = wrapped[wrapped.count - 1][last]
            wrapped[wrapped.count - 1][last] = painter.clean(text, width: width - 2 - note.count) + note
        }
        return wrapped.flatMap { lines in
            lines.enumerated().map { index, text in
                let mark = index == 0 ? "!" : " "
                return painter.paint("\(mark) \(painter.clean(text, width: width - 2))", .warning)
            }
        }
    }

    /// What is not to be trusted, then every warning once, with the targets that it is about where it is not about all.
    private var warnings: [String] {
        var targets: [String: [String]] = [:]
        var texts: [String] = []
        let names = painter.names(summary.targets.map(\.target.name), width: max(24, width - 60))
        for (target, name) in zip(summary.targets, names) {
            for warning in target.warnings {
                let text = painter.clean(warning)
                if targets[text] == nil { texts.append(text) }
                targets[text, default: []].append(name)
            }
        }
        let distrust = phrases.distrust(summary.run, summary.targets, naming: isFull ? nil : Self.distrustLimit)
        return (distrust.map { [$0] } ?? [])
            + texts.map { text in
                guard let names = targets[text], let first = names.first, names.count < summary.targets.count else {
                    return text
                }
                return "\(first)\(names.count > 1 ? " and \(names.count - 1) more" : ""): \(text)"
            }
    }
}
