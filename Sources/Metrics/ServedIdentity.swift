import Timeline

/// Who answered, as far as the responses tell it.
package struct ServedIdentity: Hashable, Sendable {
    package var model: String?
    package var fingerprint: String?
    package var provider: String?

    package init(model: String? = nil, fingerprint: String? = nil, provider: String? = nil) {
        self.model = model
        self.fingerprint = fingerprint
        self.provider = provider
    }

    init(_ stream: StreamMetrics) {
        self.init(
            model: stream.record.servedModel, fingerprint: stream.record.systemFingerprint,
            provider: stream.record.upstreamProvider)
    }
}

/// The part of a target's figures that one of several served identities answered for.
package struct ServedPart: Sendable, Equatable {
    package var identity: ServedIdentity
    package var summary: TargetSummary

    package init(identity: ServedIdentity, summary: TargetSummary) {
        self.identity = identity
        self.summary = summary
    }
}

extension TargetSample {
    /// More identities than this are no table: a server that marks each response differently tells nothing by it.
    private static let partLimit = 8

    /// The attempts by who answered them, the most frequent first; empty where all answers are of one.
    var parts: [(identity: ServedIdentity, sample: TargetSample)] {
        let groups = Dictionary(grouping: measured) { ServedIdentity($0) }
        let answered = groups.keys.filter { $0 != ServedIdentity() }
        guard 2...Self.partLimit ~= answered.count else { return [] }
        let ordered = groups.sorted {
            ($1.value.count, $0.key.order) < ($0.value.count, $1.key.order)
        }
        return ordered.map { ($0.key, part($0.value)) }
    }
}

extension ServedIdentity {
    /// For a stable order.
    fileprivate var order: String { [model, fingerprint, provider].map { $0 ?? "" }.joined(separator: "\n") }
}
