/// A `--set key=value`: changes a scenario's text before it is read, so that it is checked like the text itself.
///
/// Setting one of two keys that exclude each other removes the other: `load.open.rate=5` turns a closed loop into an
/// open one. Lists are addressed by position, targets by name too.
struct Override {
    /// Keys that exclude each other, wherever they meet.
    private static let exclusiveKeys: [Set<String>] = [
        ["closed", "open"], ["requests", "duration"], ["max_output_tokens", "output_tokens"],
        ["base_url", "simulate"], ["api_key_env", "api_key_file", "aws"], ["gap", "speed"], ["burst", "buffering"],
        ["text", "file", "synthetic"],
    ]
    /// Mappings whose keys may hold dots: what follows is one key.
    private static let dottedMappings: Set<String> = ["budgets", "slo", "headers"]

    private let key: String
    private let value: YAMLNode
    private let context: ReadingContext

    private var place: SourcePlace { .override(key) }

    /// Creates an override from its text; nil, and a problem, where that is not `key=value`.
    init?(_ text: String, context: ReadingContext) {
        guard let equals = text.firstIndex(of: "="), equals != text.startIndex else {
            context.report(
                .override(String(text.prefix { $0 != "=" })), "must be key=value, such as load.closed.concurrency=8")
            return nil
        }
        key = String(text[..<equals])
        self.context = context
        let written = text[equals...].dropFirst()
        let place = SourcePlace.override(key)
        guard let first = written.first, "{[\"'".contains(first) else {
            value = YAMLNode(.scalar(String(written), isPlain: true), at: place)
            return
        }
        do {
            value = try YAMLNode(flowText: String(written), at: place)
        } catch {
            error.problems.forEach { context.report($0.place, $0.message) }
            return nil
        }
    }

    /// Puts the value in its place, with the mappings on the way to it.
    func apply(to root: inout YAMLNode) { set(Substring(key), of: &root, path: "") }

    private func set(_ rest: Substring, of node: inout YAMLNode, path: String) {
        switch node.content {
        case .sequence(var nodes):
            guard let (position, tail) = element(rest, of: nodes, path: path) else { return }
            update(&nodes[position], tail, path: "\(path).\(position)")
            node.content = .sequence(nodes)
        case .mapping(var members):
            let (name, tail) = member(rest, path: path)
            if let rivals = Self.exclusiveKeys.first(where: { $0.contains(name) }), !isFree(path) {
                members.removeAll { $0.key != name && rivals.contains($0.key) }
            }
            let position =
                members.firstIndex { $0.key == name }
                ?? {
                    members.append(
                        YAMLNode.Member(key: name, keyPlace: place, value: YAMLNode(.mapping([]), at: place)))
                    return members.count - 1
                }()
            update(&members[position].value, tail, path: path.isEmpty ? name : "\(path).\(name)")
            members[position].keyPlace = place
            node.content = .mapping(members)
        case .scalar where node.isNull:
            node = YAMLNode(.mapping([]), at: place)
            set(rest, of: &node, path: path)
        case .scalar:
            context.report(place, "\(path) is \(node.found) and has no parts; set \(path) itself")
        }
    }

    private func update(_ node: inout YAMLNode, _ tail: Substring?, path: String) {
        if let tail {
            set(tail, of: &node, path: path)
        } else {
            node = value
        }
    }

    /// Whether a mapping's keys are the user's own, so that none of them excludes another.
    private func isFree(_ path: String) -> Bool {
        let parts = path.split(separator: ".")
        return parts.first == "targets" && (parts.contains("body") || parts.contains("headers"))
    }

    private func member(_ rest: Substring, path: String) -> (name: String, tail: Substring?) {
        let last = path.split(separator: ".").last.map(String.init) ?? ""
        guard !Self.dottedMappings.contains(last), let dot = rest.firstIndex(of: ".") else {
            return (String(rest), nil)
        }
        return (String(rest[..<dot]), rest[dot...].dropFirst())
    }

    /// Finds an element by position, or in the list of targets by the longest name that fits.
    private func element(_ rest: Substring, of nodes: [YAMLNode], path: String) -> (Int, Substring?)? {
        let head = rest.prefix { $0 != "." }
        if let position = Int(head), nodes.indices.contains(position) {
            return (position, head.endIndex == rest.endIndex ? nil : rest[head.endIndex...].dropFirst())
        }
        var names: [String] = []
        if path == "targets" {
            let named = nodes.enumerated().compactMap { position, node in
                TargetReader.name(of: node, environment: context.environment).map { (name: $0, position: position) }
            }
            names = named.map(\.name)
            let fitting = named.filter { rest == $0.name || rest.hasPrefix($0.name + ".") }
            if let found = fitting.max(by: { $0.name.count < $1.name.count }) {
                return (found.position, rest == found.name ? nil : rest.dropFirst(found.name.count + 1))
            }
        }
        let positions = nodes.isEmpty ? "none" : "0 to \(nodes.count - 1)"
        let advice = names.isEmpty ? "" : ", or \(EditDistance.advice(for: String(head), in: names))"
        context.report(place, "\(path) has no element '\(head)'; positions: \(positions)\(advice)")
        return nil
    }
}
