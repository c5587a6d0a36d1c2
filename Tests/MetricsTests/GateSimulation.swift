import Glibc
import Statistics
import Timeline

@testable import Metrics

/// Two servers as they are: slow drift that both feel, odd requests with heavy tails, and luck with connections.
///
/// TTFT is 300 ms times exp(drift + connection + N(0, .3)), and in 2 of 100 requests 2 to 6 times that. TPOT is 15 ms
/// times exp(.6 drift + connection + N(0, .1)) over 60 gaps that scatter by 20 %, of which 1 in 100 stalls for 4 to 12
/// gaps. Drift is an AR(1) process of 10 % with a memory of 10 requests around a shift of the whole run of 5 %. Every
/// connection has a shift of its own: 5 % of TTFT, 3 % of TPOT.
struct GateSimulation {
    struct World {
        var memory = 10.0
        var drift = 0.1
        /// How much longer the candidate takes.
        var firstTokenRatio = 1.0
        var paceRatio = 1.0
    }

    private static let requestsPerConnection = 10
    private var generator: SeededGenerator
    private let world: World

    init(seed: UInt64, world: World) {
        generator = SeededGenerator(seed: seed, purpose: "gate simulation")
        self.world = world
    }

    private struct Connection {
        var firstToken: Double
        var pace: Double
        var requests = 0
    }

    private struct Arm {
        var ratios = (firstToken: 1.0, pace: 1.0)
        var connection: Connection
        var firstTokens: [Double] = []
        var paces: [Double] = []
    }

    private mutating func normal(_ deviation: Double) -> Double {
        let radius = (-2 * log(generator.unitInterval())).squareRoot()
        return deviation * radius * cos(2 * .pi * generator.unitInterval())
    }

    private mutating func uniform(_ low: Double, _ high: Double) -> Double {
        low + (high - low) * generator.unitInterval()
    }

    private mutating func connection() -> Connection { Connection(firstToken: normal(0.05), pace: normal(0.03)) }

    private mutating func request(_ arm: inout Arm, environment: Double) {
        if arm.connection.requests == Self.requestsPerConnection { arm.connection = connection() }
        arm.connection.requests += 1
        var firstToken = 300 * exp(environment + arm.connection.firstToken + normal(0.3))
        if generator.unitInterval() < 0.02 { firstToken *= uniform(2, 6) }
        let gaps = 60.0
        var mean = exp(0.02) * (1 + normal(0.2 / gaps.squareRoot()))
        for _ in 0..<60 where generator.next() % 100 == 0 { mean += uniform(3, 11) / gaps }
        arm.firstTokens.append(firstToken * arm.ratios.firstToken)
        arm.paces.append(
            15 * exp(0.6 * environment + arm.connection.pace + normal(0.1)) * mean * arm.ratios.pace)
    }

    /// Runs blocks of requests to one arm and then to the other, in an order that a coin decides, block by block.
    private mutating func measure(blocks: Int, of size: Int) -> (baseline: Arm, candidate: Arm) {
        var arms = [
            Arm(connection: connection()),
            Arm(ratios: (world.firstTokenRatio, world.paceRatio), connection: connection()),
        ]
        let memory = exp(-1 / world.memory)
        let shift = normal(0.05)
        var drift = normal(world.drift)
        for _ in 0..<blocks {
            let first = Int(generator.next() >> 63)
            for arm in [first, 1 - first] {
                for _ in 0..<size {
                    drift = memory * drift + (1 - memory * memory).squareRoot() * normal(world.drift)
                    request(&arms[arm], environment: shift + drift)
                }
            }
        }
        return (arms[0], arms[1])
    }

    /// A gate over pairs of single requests, with its looks.
    mutating func singles(_ design: PairedDesign) -> Gate {
        let arms = measure(blocks: design.looks.last ?? 0, of: 1)
        var gate: Gate?
        for look in design.looks {
            let latest = Self.gate(
                firstTokens: (
                    Array(arms.baseline.firstTokens.prefix(look)), Array(arms.candidate.firstTokens.prefix(look))
                ),
                paces: (Array(arms.baseline.paces.prefix(look)), Array(arms.candidate.paces.prefix(look))),
                design: design)
            gate = latest
            if latest.verdict != .inconclusive { break }
        }
        return gate ?? Gate(figures: [], pairs: 0, design: design)
    }

    /// A gate over pairs of blocks, by the medians of the blocks.
    mutating func blocks(of size: Int, _ design: PairedDesign) -> Gate {
        let arms = measure(blocks: design.looks.last ?? 0, of: size)
        func medians(_ values: [Double]) -> [Double] {
            stride(from: 0, to: values.count, by: size).compactMap {
                SortedSample(Array(values[$0..<$0 + size])).quantile(0.5)
            }
        }
        return Self.gate(
            firstTokens: (medians(arms.baseline.firstTokens), medians(arms.candidate.firstTokens)),
            paces: (medians(arms.baseline.paces), medians(arms.candidate.paces)), design: design)
    }

    private static func gate(
        firstTokens: ([Double], [Double]), paces: ([Double], [Double]), design: PairedDesign
    ) -> Gate {
        let values = zip(["ttft", "tpot"], [firstTokens, paces]).compactMap { name, values in
            MetricCatalogue.named(name).map { PairedValues(metric: $0, baseline: values.0, candidate: values.1) }
        }
        return Gate(
            figures: values.map { GatedFigure($0, design: design) } + [success], pairs: firstTokens.0.count,
            design: design)
    }

    /// Nothing fails here, but success is a member of the family all the same.
    private static let success = GatedFigure(
        metric: MetricCatalogue.success, baseline: 1, candidate: 1, pairs: 1, change: 0, interval: nil, pValue: 1,
        detectable: nil, verdict: .passed, margin: 0.02)
}
