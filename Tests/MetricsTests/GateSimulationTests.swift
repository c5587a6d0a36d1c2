import Foundation
import Metrics
import Testing
import Timeline

/// How often a gate is wrong and how often it finds what is there, counted in a simulated world by the very code that
/// judges real runs.
///
/// `TTFT_HEAVY=1` counts as often as the claims need, which takes a few minutes. Each line printed is one world: the
/// shares of the three verdicts, those of regressions of TTFT and of TPOT, and the number of gates.
@Suite struct GateSimulationTests {
    private static let isHeavy = ProcessInfo.processInfo.environment["TTFT_HEAVY"] != nil

    /// 800 requests in all, in each of the two ways.
    private static func design(looks: [Int]) -> PairedDesign {
        PairedDesign(baseline: "a", candidate: "b", metrics: ["ttft", "tpot"], looks: looks)
    }
    private static let singles = design(looks: [200, 400])
    private static let blocks = design(looks: [16])

    private struct Counts {
        var gates = 0
        var regressed: [String: Int] = [:]
        var verdicts: [GateVerdict: Int] = [:]

        mutating func add(_ gate: Gate) {
            gates += 1
            verdicts[gate.verdict, default: 0] += 1
            for figure in gate.figures where figure.verdict == .regressed {
                regressed[figure.metric.name, default: 0] += 1
            }
        }

        func share(_ metric: String) -> Double { Double(regressed[metric] ?? 0) / Double(max(1, gates)) }
        func share(_ verdict: GateVerdict) -> Double { Double(verdicts[verdict] ?? 0) / Double(max(1, gates)) }

        func row(_ title: String) -> String {
            let cells = [share(.regressed), share(.passed), share(.inconclusive), share("ttft"), share("tpot")]
            return title.padding(toLength: 44, withPad: " ", startingAt: 0)
                + cells.map { String(format: "%9.4f", $0) }.joined() + String(format: "%8d", gates)
        }
    }

    private func count(
        _ gates: Int, _ world: GateSimulation.World, _ gate: (inout GateSimulation) -> Gate
    ) -> Counts {
        var counts = Counts()
        for seed in 0..<gates {
            var simulation = GateSimulation(seed: UInt64(seed), world: world)
            counts.add(gate(&simulation))
        }
        return counts
    }

    private func counted(_ gates: Int, _ world: GateSimulation.World) -> (singles: Counts, blocks: Counts) {
        (
            count(gates, world) { $0.singles(Self.singles) }, count(gates, world) { $0.blocks(of: 25, Self.blocks) }
        )
    }

    @Test func `two equal servers are all but never told apart`() {
        let gates = Self.isHeavy ? 10_000 : 200
        var falseAlarms = 0
        for memory in [10.0, 60] {
            let counts = count(gates, .init(memory: memory)) { $0.singles(Self.singles) }
            falseAlarms += counts.verdicts[.regressed] ?? 0
            print(counts.row("equal, drift over \(Int(memory)) requests, pairs"))
        }
        print(count(gates / 5, .init()) { $0.blocks(of: 25, Self.blocks) }.row("equal, drift over 10 requests, blocks"))
        #expect(falseAlarms <= (Self.isHeavy ? 12 : 1))
    }

    @Test(arguments: [1.04, 1.1, 1.2, 1.3], ["ttft", "tpot"])
    func `pairs of single requests find what is there, and more than blocks do`(ratio: Double, metric: String) {
        let world = GateSimulation.World(
            firstTokenRatio: metric == "ttft" ? ratio : 1, paceRatio: metric == "tpot" ? ratio : 1)
        let counts = counted(Self.isHeavy ? 500 : 30, world)
        let change = String(format: "%@ %+.0f %%", metric, (ratio - 1) * 100)
        print(counts.singles.row("\(change), pairs"))
        print(counts.blocks.row("\(change), blocks"))
        if ratio >= 1.2 { #expect(counts.singles.share(metric) >= 0.95) }
        if ratio == 1.04 { #expect(counts.singles.share(metric) <= (Self.isHeavy ? 0.01 : 0.1)) }
        #expect(counts.singles.share(metric) >= counts.blocks.share(metric) - 0.01)
        #expect(counts.singles.share(.passed) <= 0.05 || ratio < 1.05)
    }

    @Test func `what a gate could have seen it sees four times in five`() throws {
        // From gates over equal servers: the change of pace that 200 pairs at one look would have found.
        let design = Self.design(looks: [200])
        let gates = Self.isHeavy ? 1_000 : 150
        let sizes = (0..<gates).compactMap { seed in
            var simulation = GateSimulation(seed: UInt64(seed), world: .init())
            return simulation.singles(design).figures[1].detectable
        }.sorted()
        let detectable = sizes[sizes.count / 2]
        let found = count(gates, .init(paceRatio: 1 + detectable)) { $0.singles(design) }.share("tpot")
        print(String(format: "could see %.4f of tpot: found in %.3f", detectable, found))
        #expect((0.7...0.9).contains(found))
    }
}
