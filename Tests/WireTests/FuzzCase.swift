import Timeline

@testable import Wire

/// One response that the generator wrote, and every outcome that its judge allows.
struct FuzzCase {
    /// One way in which the rules let the response be read.
    struct Verdict {
        var classes: [String]
        /// One letter for each content event: t, r, c or x.
        var kinds: String
        var texts: [String]
        /// The text of tool calls; nil where it has no one spelling.
        var calls: String?
        /// The finish reason, where the rules fix it.
        var reason: String??
        /// Input, output and reasoning tokens, where the rules fix them.
        var usage: [Int?]?
    }

    var api: String
    var mutation: String
    var end: TransportEnd
    var capture: Capture
    var cuts: [Int]
    /// None where the rules say nothing at all.
    var verdicts: [Verdict]

    static let ends: [String: TransportEnd] = [
        "clean": .clean, "cut_short": .cutShort(message: "m"), "broken": .broken(message: "m"),
        "malformed_http": .malformedHTTP(message: "m"), "stall": .timedOut(.stall), "total": .timedOut(.total),
        "first_token": .timedOut(.firstToken), "cancelled": .cancelled,
    ]

    /// What is wrong with the decoder's reading; nil where one of the verdicts agrees with it.
    func disagreement() throws -> String? {
        let stream = try capture.decoded(as: api, cuts: cuts, end: end)
        if verdicts.isEmpty {
            // Nothing is known but that reads must not matter.
            let whole = try capture.decoded(as: api, end: end)
            return whole.outcome == stream.outcome && whole.kinds == stream.kinds ? nil : "the reads matter: \(stream)"
        }
        let faults = verdicts.map { $0.faults(of: stream) }
        if faults.contains("") { return nil }
        return faults.joined(separator: "\n  or: ")
    }
}

extension FuzzCase.Verdict {
    private static let letters: [StreamEvent.Kind: String] = [.text: "t", .reasoning: "r", .tool: "c", .refusal: "x"]

    /// Everything in which a decoded stream differs from the verdict; empty where nothing does.
    func faults(of stream: DecodedStream) -> String {
        var faults: [String] = []
        func compare(_ name: String, _ found: String, _ allowed: [String]) {
            // Texts are compared by their bytes, since equal characters may have different ones.
            guard !allowed.contains(where: { Array($0.utf8) == Array(found.utf8) }) else { return }
            faults.append("\(name) \(found.debugDescription), not \(allowed.map(\.debugDescription))")
        }
        compare("class", stream.outcome.outcomeClass.rawValue, classes)
        compare("kinds", stream.events.compactMap { Self.letters[$0.kind] }.joined(), [kinds])
        let contents = stream.events.filter(\.kind.isContent)
        compare("text", contents.filter { $0.kind != .tool }.compactMap(\.text).joined(), texts)
        if let calls { compare("calls", contents.filter { $0.kind == .tool }.compactMap(\.text).joined(), [calls]) }
        if let reason { compare("reason", stream.finishReason ?? "none", [reason ?? "none"]) }
        if let usage {
            let found = [stream.usage?.input, stream.usage?.output, stream.usage?.reasoning]
            compare("usage", "\(found)", ["\(usage)"])
        }
        if zip(stream.events, stream.events.dropFirst()).contains(where: { $0.readIndex > $1.readIndex }) {
            faults.append("events are not in the order of their reads")
        }
        return faults.joined(separator: "; ")
    }
}
