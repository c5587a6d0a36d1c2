/// A node on the way to being read: where it stands in the scenario, and where problems with it go.
struct YAMLCursor {
    let node: YAMLNode
    /// As `--set` spells it, such as `load.closed.concurrency`; empty at the root.
    let path: String
    /// The place of the key that the node belongs to; the node's own for elements of lists and for the root.
    let keyPlace: SourcePlace
    let context: ReadingContext

    /// Creates the cursor at a scenario's root.
    init(root: YAMLNode, context: ReadingContext) {
        self.init(node: root, path: "", keyPlace: root.place, context: context)
    }

    private init(node: YAMLNode, path: String, keyPlace: SourcePlace, context: ReadingContext) {
        self.node = node
        self.path = path
        self.keyPlace = keyPlace
        self.context = context
    }

    /// The path as a message's subject.
    var subject: String { path.isEmpty ? "the scenario" : path }

    /// Reports a problem at the node.
    func report(_ message: String) { context.report(node.place, message) }

    /// Reports that something else was expected here than what was found.
    func refuse(_ expectation: String) { report("\(subject) must be \(expectation); found \(node.found)") }

    /// The elements of a list; nil, and a problem, where this is none or an empty one.
    func elements(_ expectation: String) -> [YAMLCursor]? {
        guard case .sequence(let nodes) = node.content, !nodes.isEmpty else {
            if case .sequence = node.content {
                report("\(subject) must be \(expectation); found an empty list")
            } else {
                refuse(expectation)
            }
            return nil
        }
        return nodes.enumerated().map { position, node in
            YAMLCursor(node: node, path: child(String(position)), keyPlace: node.place, context: context)
        }
    }

    /// The members of a mapping whose keys are free; nil, and a problem, where this is none.
    func members(_ expectation: String) -> [(key: String, cursor: YAMLCursor)]? {
        guard case .mapping(let members) = node.content else {
            refuse(expectation)
            return nil
        }
        return members.map { member in
            let cursor = YAMLCursor(
                node: member.value, path: child(member.key), keyPlace: member.keyPlace, context: context)
            return (member.key, cursor)
        }
    }

    /// The mapping that stands here, every other key than the allowed ones refused.
    ///
    /// The example, such as `{requests: 8}`, is for the message where this is no mapping; a key may have a reason of its own.
    func mapping(
        _ allowed: [String], example: String, reasonToRefuse: (String) -> String? = { _ in nil }
    ) -> YAMLMapping? {
        guard let members = members("a mapping such as \(example)") else { return nil }
        var known: [String: YAMLCursor] = [:]
        for (key, cursor) in members {
            if allowed.contains(key) {
                known[key] = cursor
            } else {
                let place = path.isEmpty ? "" : " in \(path)"
                let advice = ScenarioKeys.advice(for: key, in: allowed)
                context.report(cursor.keyPlace, reasonToRefuse(key) ?? "unknown key '\(key)'\(place); \(advice)")
            }
        }
        return YAMLMapping(cursor: self, members: known)
    }

    private func child(_ name: String) -> String { path.isEmpty ? name : "\(path).\(name)" }
}

/// A mapping whose keys are known.
struct YAMLMapping {
    let cursor: YAMLCursor
    fileprivate let members: [String: YAMLCursor]

    /// The value of a key; nil where it is absent.
    subscript(key: String) -> YAMLCursor? { members[key] }

    /// The value of a key that has to be there.
    func required(_ key: String, example: String) -> YAMLCursor? {
        if let member = members[key] { return member }
        let place = cursor.path.isEmpty ? "" : " in \(cursor.path)"
        cursor.report("'\(key)' is missing\(place); write for example \(example)")
        return nil
    }

    /// The one of several keys that is there; more than one is a problem.
    func oneAtMost(of keys: [String]) -> (key: String, value: YAMLCursor)? {
        let present = keys.compactMap { key in members[key].map { (key: key, value: $0) } }
        if present.count > 1 {
            let names = present.map { "'\($0.key)'" }.joined(separator: " and ")
            let last = present[present.count - 1]
            cursor.context.report(
                last.value.keyPlace, "\(names) exclude each other in \(cursor.subject); keep one of them")
        }
        return present.first
    }

    /// The one of several keys that has to be there; none or more than one is a problem.
    func exactlyOne(of keys: [String], example: String) -> (key: String, value: YAMLCursor)? {
        if let member = oneAtMost(of: keys) { return member }
        let names = keys.map { "'\($0)'" }.joined(separator: " or ")
        cursor.report("\(names) is missing in \(cursor.subject); write for example \(example)")
        return nil
    }
}
