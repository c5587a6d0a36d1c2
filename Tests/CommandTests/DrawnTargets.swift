import Foundation
import Timeline

/// Targets whose names and tempos are drawn anew for every run of the tests, so that no figure can be known before.
///
/// `TTFT_TEST_SEED` repeats a draw.
struct DrawnTargets: CustomStringConvertible {
    struct Drawn {
        var name: String
        var script: StreamScript
    }

    let seed: UInt64
    let targets: [Drawn]

    /// Draws so many targets; `adjust` changes a script after it was drawn.
    init(count: Int, purpose: String, adjust: (inout StreamScript, inout SeededGenerator) -> Void) {
        let asked = ProcessInfo.processInfo.environment["TTFT_TEST_SEED"].flatMap(UInt64.init)
        let seed = asked ?? UInt64.random(in: 1...999_999_999)
        var generator = SeededGenerator(seed: seed, purpose: purpose)
        self.seed = seed
        targets = (0..<count).map { index in
            var script = StreamScript()
            adjust(&script, &generator)
            return Drawn(name: Self.name(index, using: &generator), script: script)
        }
    }

    private static func name(_ index: Int, using generator: inout SeededGenerator) -> String {
        let letters = (0..<Int.random(in: 3...9, using: &generator)).map { _ in
            "abcdefghijkmnpqrstuvwxyz".randomElement(using: &generator) ?? "a"
        }
        return "\(String(letters))-\(index)"
    }

    var scripts: [String: StreamScript] {
        Dictionary(uniqueKeysWithValues: targets.map { ($0.name, $0.script) })
    }

    /// The targets as lines of a scenario, each served by a simulator of the tests.
    func served(by server: SimulatorServer) -> String {
        targets.map { "  - {name: \($0.name), api: openai-chat, base_url: \(server.url(of: $0.name)), model: drawn}" }
            .joined(separator: "\n")
    }

    var description: String {
        let lines = targets.map { target in
            let script = target.script
            return
                "  \(target.name): ttft \(script.timeToFirstToken.milliseconds) ms, gap \(script.gap.milliseconds) ms, "
                + "\(script.tokens) tokens by \(script.tokensPerEvent), "
                + "stall of \(script.stallLength.milliseconds) ms every \(script.stallEvery) events"
        }
        return (["TTFT_TEST_SEED=\(seed) draws"] + lines).joined(separator: "\n")
    }
}

extension Nanoseconds {
    /// Draws whole microseconds out of a range of milliseconds.
    static func drawn(milliseconds range: ClosedRange<Double>, using generator: inout SeededGenerator) -> Nanoseconds {
        .milliseconds((Double.random(in: range, using: &generator) * 1000).rounded() / 1000)
    }
}
