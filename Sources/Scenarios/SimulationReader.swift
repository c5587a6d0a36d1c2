import Timeline

/// Reads `simulate`: a profile's name, or a script written out.
struct SimulationReader {
    private static let keys = [
        "profile", "ttft", "gap", "speed", "tokens", "tokens_per_event", "jitter", "reasoning_tokens",
        "hidden_reasoning", "stall",
        "comments", "event_ids", "reconnect_after", "burst", "buffering", "cached_tokens", "model_changes_every",
        "server_timing", "disconnect_delay",
        "fault",
        "fault_every",
    ]

    let cursor: YAMLCursor
    /// The API that the target speaks.
    let api: String

    /// The profile that a target's `simulate` names; nil where it names none that exists.
    static func profileName(in node: YAMLNode) -> String? {
        let named = node["profile"] ?? node
        guard case .scalar(let name, _) = named.content, StreamScript(profile: name) != nil else { return nil }
        return name
    }

    func read() -> StreamScript? {
        if case .mapping = cursor.node.content { return readScript() }
        return readProfile(cursor)
    }

    private func readProfile(_ cursor: YAMLCursor) -> StreamScript? {
        guard case .scalar = cursor.node.content else {
            cursor.refuse("a profile's name or a mapping such as {ttft: 450ms, gap: 7ms}")
            return nil
        }
        return cursor.choice(StreamScript.profiles.map(\.name)).flatMap(StreamScript.init(profile:))
    }

    private func readScript() -> StreamScript? {
        guard let mapping = cursor.mapping(Self.keys, example: "{ttft: 450ms, gap: 7ms}") else { return nil }
        var script = StreamScript()
        if let profile = mapping["profile"] { script = readProfile(profile) ?? script }
        readTempo(mapping, into: &script)
        if let tokens = mapping["tokens"]?.integer(1...1_000_000) { script.tokens = tokens }
        if let tokens = mapping["tokens_per_event"]?.integer(1...10_000) { script.tokensPerEvent = tokens }
        if let tokens = mapping["reasoning_tokens"]?.integer(0...1_000_000) { script.reasoningTokens = tokens }
        if let isHidden = mapping["hidden_reasoning"]?.flag() { script.hidesReasoning = isHidden }
        if script.reasoningTokens > script.tokens {
            (mapping["reasoning_tokens"] ?? cursor).report(
                "\(cursor.path).reasoning_tokens counts within tokens: it must be at most \(script.tokens); "
                    + "found \(script.reasoningTokens)")
        }
        if let interval = mapping["comments"]?.duration() { script.commentInterval = interval }
        if let sendsIDs = mapping["event_ids"]?.flag() { script.sendsEventIDs = sendsIDs }
        if let pause = mapping["reconnect_after"]?.duration() { script.reconnectAfter = pause }
        readStall(mapping, into: &script)
        readDelivery(mapping, into: &script)
        readReports(mapping, into: &script)
        readFault(mapping, into: &script)
        return script
    }

    private func readTempo(_ mapping: YAMLMapping, into script: inout StreamScript) {
        if let time = mapping["ttft"]?.duration(allowsZero: true) { script.timeToFirstToken = time }
        if let jitter = mapping["jitter"]?.number(0...10, "a number from 0 to 10") { script.jitter = jitter }
        guard let (key, value) = mapping.oneAtMost(of: ["gap", "speed"]) else { return }
        if key == "gap" {
            if let gap = value.duration(allowsZero: true) { script.gap = gap }
        } else if let speed = value.number(0.001...1_000_000, "tokens per second, from 0.001 to 1000000") {
            script.gap = .seconds(1 / speed)
        }
    }

    private func readStall(_ mapping: YAMLMapping, into script: inout StreamScript) {
        guard let stall = mapping["stall"]?.mapping(["every", "length"], example: "{every: 50, length: 300ms}") else {
            return
        }
        let every = stall.required("every", example: "every: 50")?.integer(1...1_000_000)
        let length = stall.required("length", example: "length: 300ms")?.duration()
        if let every, let length {
            script.stallEvery = every
            script.stallLength = length
        }
    }

    private func readDelivery(_ mapping: YAMLMapping, into script: inout StreamScript) {
        guard let (key, value) = mapping.oneAtMost(of: ["burst", "buffering"]) else { return }
        if key == "burst" {
            if let events = value.integer(1...100_000) { script.burst = events }
        } else if let length = value.duration() {
            script.buffering = length
        }
    }

    private func readReports(_ mapping: YAMLMapping, into script: inout StreamScript) {
        if let tokens = mapping["cached_tokens"]?.integer(0...1_000_000) { script.cachedTokens = tokens }
        if let count = mapping["model_changes_every"]?.integer(1...1_000_000) { script.modelChangesEvery = count }
        if let length = mapping["disconnect_delay"]?.duration() { script.disconnectDelay = length }
        if let isReported = mapping["server_timing"]?.flag() { script.reportsTiming = isReported }
    }

    private func readFault(_ mapping: YAMLMapping, into script: inout StreamScript) {
        if let entry = mapping["fault"], let fault = entry.choice(StreamScript.faults) {
            script.fault = fault
            if let apis = cursor.context.vocabulary.faultPlaces[fault], !apis.contains(api) {
                entry.report(
                    "\(entry.path): '\(fault)' has no place in a stream of api: \(api); it has one in "
                        + "\(apis.joined(separator: ", ")). Choose one of these or another fault")
            }
        }
        guard let every = mapping["fault_every"] else { return }
        if let count = every.integer(1...1_000_000) { script.faultEvery = count }
        if mapping["fault"] == nil { every.report("\(every.path) needs a 'fault' beside it") }
    }
}
