import Statistics
import Timeline

/// What the servers' own words warn of.
extension TargetSample {
    /// A cold test that gets more of its input than this from a cache is none.
    private static let cachedShareLimit = 0.05

    /// The share of the input tokens of complete streams that came from a cache; nil where no server told.
    var cachedShare: Double? {
        let usages = complete.compactMap(\.record.usage).filter { $0.cached != nil && $0.input != nil }
        let input = usages.reduce(0) { $0 + ($1.input ?? 0) }
        return input == 0 ? nil : Double(usages.reduce(0) { $0 + ($1.cached ?? 0) }) / Double(input)
    }

    var cacheWarning: String? {
        guard let cachedShare, cachedShare > Self.cachedShareLimit else { return nil }
        let hits = complete.count { ($0.record.usage?.cached ?? 0) > 0 }
        return
            "\(percent(cachedShare)) of the input tokens came from the server's cache (\(hits) of \(complete.count) "
            + "streams): TTFT is that of a warm cache. For a cold one make each prompt unique: more synthetic prompts "
            + "than requests, or a nonce at the start of each."
    }

    var rateLimitWarning: String? {
        let refused = measured.filter { $0.record.httpStatus == 429 }
        guard !refused.isEmpty else { return nil }
        var text = "The server refused \(refused.count) of \(measured.count) attempts for its rate limit (HTTP 429)"
        let asked = refused.compactMap { $0.record.rateLimits?.retryAfter?.milliseconds }
        if let least = asked.min(), let most = asked.max() {
            let range = least == most ? seconds(most) : "\(seconds(least)) to \(seconds(most))"
            text += " and asked to wait \(range)"
        }
        let exhausted = refused.flatMap { $0.record.rateLimits?.allowances ?? [] }.filter { $0.remaining == 0 }
        let names = Set(
            exhausted.map { allowance in
                [allowance.limit.map(String.init) ?? "", allowance.name].filter { !$0.isEmpty }.joined(separator: " ")
            }
        ).filter { !$0.isEmpty }
        if !names.isEmpty { text += "; used up: \(names.sorted().prefix(4).joined(separator: ", "))" }
        let hasRetries = measured.contains { $0.record.attempt > 1 }
        return text + ". Offer less load" + (hasRetries ? "." : ", or set retries: to wait as the server asks.")
    }

    var serverTimeWarning: String? {
        let excesses = complete.compactMap { $0.excessOfServer(stampFloor: run.stampFloor) }
        guard let worst = excesses.max() else { return nil }
        let reported = complete.count { $0.serverReport != nil }
        return
            "In \(excesses.count) of \(reported) streams the server claims more time than the client saw, by up to "
            + "\(seconds(worst)): its figure does not mean what it is taken for, or a clock is wrong. Do not trust "
            + "the residuals."
    }

    var identitiesWarning: String? {
        let all: [(name: String, values: [String])] = [
            ("models", distinct(\.servedModel)), ("system fingerprints", distinct(\.systemFingerprint)),
            ("upstream providers", distinct(\.upstreamProvider)),
        ]
        let several = all.filter { $0.values.count > 1 }
        guard !several.isEmpty else { return nil }
        let lists = several.map { kind in
            let names = kind.values.prefix(4).joined(separator: ", ") + (kind.values.count > 4 ? ", ..." : "")
            return "\(kind.values.count) \(kind.name) (\(names))"
        }
        let remedy =
            several.contains { $0.name == "upstream providers" }
            ? "Pin the provider in body:." : "Name an exact version of the model, and compare only like with like."
        let split = parts.isEmpty ? "" : " The table has a row for each."
        return "One name, several servers: \(lists.joined(separator: " and ")) answered.\(split) \(remedy)"
    }

    private func distinct(_ field: (StreamRecord) -> String?) -> [String] {
        Set(measured.compactMap { field($0.record) }).sorted()
    }

    private func percent(_ share: Double) -> String { "\(Int((share * 100).rounded())) %" }

    /// Milliseconds as seconds with three digits at most, such as `1.5 s`.
    private func seconds(_ milliseconds: Double) -> String {
        let rounded = milliseconds < 10 ? (milliseconds * 1000).rounded() / 1000 : milliseconds.rounded()
        guard rounded >= 1000 else { return "\(trimmed(rounded)) ms" }
        return "\(trimmed((rounded / 100).rounded() / 10)) s"
    }

    private func trimmed(_ number: Double) -> String {
        number == number.rounded() ? String(Int(number)) : String(number)
    }
}
