import Metrics
import Scenarios
import Timeline

/// What a scenario asks for, held against what this machine was found to measure.
struct LoadWarning {
    let scenario: Scenario
    let calibration: Calibration

    /// The tolerance in milliseconds that a scenario should be measured within.
    private static let tolerance = 1.0

    /// One line, where the scenario asks for more than was measured within a millisecond; else nil.
    var text: String? {
        let limit = calibration.highestLoad(within: Self.tolerance)
        let remedy = "ask for less, heed the accuracy line, or measure the machine again with `ttft calibrate`"
        if let rate = scenario.simulatedChunksPerSecond {
            guard rate > limit?.chunksPerSecond ?? 0 else { return nil }
            let most = limit.map { "up to \(Int($0.chunksPerSecond)) chunks/s" } ?? "no load at all"
            return
                "! about \(Int(rate)) chunks/s are asked for, and this machine was calibrated within 1 ms for \(most): "
                + remedy
        }
        // How many chunks a real server sends is not known before.
        guard let streams = scenario.concurrency, streams > limit?.streams ?? 0 else { return nil }
        let most = limit.map { "up to \($0.streams)" } ?? "no load at all"
        return "! \(streams) streams at a time are asked for, and this machine was calibrated within 1 ms for \(most): "
            + remedy
    }
}

extension Scenario {
    /// The chunks per second that simulated targets bring together at most; nil where a target is not simulated.
    var simulatedChunksPerSecond: Double? {
        var rates: [Double] = []
        for target in targets {
            guard let script = target.simulation else { return nil }
            let chunks = Double(script.chunks(asked: request.outputLength))
            let length = script.timeToFirstToken.seconds + (chunks - 1) * script.chunkGap.seconds
            let requestsPerSecond =
                switch load {
                case .closed(let concurrency): length > 0 ? Double(concurrency) / length : .infinity
                case .open(let rate, _): rate
                }
            rates.append(chunks * requestsPerSecond)
        }
        return isInterleaved ? rates.reduce(0, +) : rates.max()
    }
}

extension StreamScript {
    fileprivate var chunkGap: Nanoseconds { Nanoseconds(gap.count * Int64(max(1, tokensPerEvent))) }

    fileprivate func chunks(asked: OutputLength?) -> Int {
        let tokens = if case .exactly(let count) = asked { count } else { min(asked?.tokens ?? tokens, tokens) }
        return max(1, (tokens + max(1, tokensPerEvent) - 1) / max(1, tokensPerEvent))
    }
}
