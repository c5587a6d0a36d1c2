import Yams

extension YAMLNode {
    /// How many parts a scenario may have once its aliases are followed, so that a small file cannot fill the memory.
    private static let partLimit = 200_000

    /// Reads a YAML text; an empty one is an empty mapping.
    init(text: String, file: String) throws(ScenarioError) {
        let root: Node?
        do {
            root = try Yams.compose(yaml: text, .basic, .default, .utf8)
        } catch {
            throw .invalid([Self.problem(for: error, file: file)])
        }
        guard let root else {
            self.init(.mapping([]), at: .mark(file: file, line: 1, column: 1))
            return
        }
        var composer = Composer(remaining: Self.partLimit) { mark in
            .mark(file: file, line: mark?.line ?? 1, column: mark?.column ?? 1)
        }
        self = try composer.node(root)
    }

    /// Reads a YAML flow text, all of whose parts get one place.
    init(flowText text: String, at place: SourcePlace) throws(ScenarioError) {
        do {
            guard let root = try Yams.compose(yaml: text, .basic, .default, .utf8) else {
                self.init(.scalar("", isPlain: true), at: place)
                return
            }
            var composer = Composer(remaining: Self.partLimit) { _ in place }
            self = try composer.node(root)
        } catch let error as ScenarioError {
            throw error
        } catch {
            throw .invalid([ScenarioProblem(place, "the value is not YAML: \(Self.reason(for: error).text)")])
        }
    }

    /// Why a text is not YAML, and where: line and column count from 1.
    private struct Reason {
        var text: String
        var line: Int?
        var column = 1
    }

    private static func problem(for error: any Error, file: String) -> ScenarioProblem {
        let reason = reason(for: error)
        let place = reason.line.map { SourcePlace.mark(file: file, line: $0, column: reason.column) } ?? .file(file)
        return ScenarioProblem(place, reason.text)
    }

    private static func reason(for error: any Error) -> Reason {
        switch error as? YamlError {
        case .scanner(_, let problem, let mark, _), .parser(_, let problem, let mark, _),
            .composer(_, let problem, let mark, _):
            return Reason(text: "not YAML: \(problem)", line: mark.line, column: mark.column)
        case .reader(let problem, let offset, _, let yaml):
            let lines = yaml.prefix(offset ?? 0).split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
            return Reason(
                text: "not YAML: \(problem)", line: max(lines.count, 1), column: (lines.last?.count ?? 0) + 1)
        case .duplicatedKeysInMapping(let keys, let context):
            let names = keys.map { "'\($0)'" }.joined(separator: ", ")
            return Reason(
                text: "\(names) stands more than once in one mapping; keep one of them", line: context.mark.line,
                column: context.mark.column)
        case let other:
            return Reason(text: "not YAML: \(other.map { "\($0)" } ?? "unreadable")")
        }
    }
}

private struct Composer {
    var remaining: Int
    let place: (Mark?) -> SourcePlace

    mutating func node(_ node: Node) throws(ScenarioError) -> YAMLNode {
        remaining -= 1
        let place = place(node.mark)
        guard remaining > 0 else { throw .invalid([ScenarioProblem(place, "the aliases make the scenario too large")]) }
        switch node {
        case .scalar(let scalar):
            return YAMLNode(.scalar(scalar.string, isPlain: scalar.style == .plain), at: place)
        case .sequence(let sequence):
            var nodes: [YAMLNode] = []
            for element in sequence { nodes.append(try self.node(element)) }
            return YAMLNode(.sequence(nodes), at: place)
        case .mapping(let mapping):
            var members: [YAMLNode.Member] = []
            for (key, value) in mapping { members.append(try member(key, value)) }
            return YAMLNode(.mapping(members), at: place)
        case .alias:
            throw .invalid([ScenarioProblem(place, "an alias without its anchor")])
        }
    }

    private mutating func member(_ key: Node, _ value: Node) throws(ScenarioError) -> YAMLNode.Member {
        guard case .scalar(let name) = key else {
            throw .invalid([ScenarioProblem(place(key.mark), "a key must be a word; found a list or a mapping")])
        }
        return YAMLNode.Member(key: name.string, keyPlace: place(key.mark), value: try node(value))
    }
}
