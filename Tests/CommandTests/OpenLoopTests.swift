import Foundation
import Glibc
import Testing
import Timeline

extension MeasurementTests {
    /// Requests that are due whether or not the server keeps up.
    @Suite struct OpenLoopTests {
        private static let rate = 40.0
        private static let count = 60

        /// Planned and dispatched instants of the measured phase, in milliseconds from the run's start.
        private func instants(arrivals: String, seed: UInt64) throws -> (planned: [Double], dispatched: [Double]) {
            let run = try MeasuredRun(
                """
                seed: \(seed)
                targets: [{name: one, simulate: {ttft: 30ms, gap: 2ms, tokens: 10}}]
                load:
                  open: {rate: \(Int(Self.rate)), arrivals: \(arrivals)}
                  requests: \(Self.count)
                  warmup: {requests: 4}
                """)
            let rows = try run.rows("requests.csv").filter { $0["phase"] == "measured" }
            #expect(rows.count == Self.count)
            let planned = try rows.map { try $0.number("planned_offset_ms") }
            let dispatched = try rows.map { try $0.number("dispatch_offset_ms") }
            return (planned, dispatched)
        }

        /// A dispatch is never early; how late it may be depends on what else the machine does.
        private func expectPunctual(_ planned: [Double], _ dispatched: [Double]) {
            let delays = zip(planned, dispatched).map { $1 - $0 }.sorted()
            print("dispatch - planned: p50 \(delays.median) ms, most \(delays.last ?? .nan) ms")
            #expect(delays.allSatisfy { $0 >= 0 })
            #expect(delays.median < 5)
            #expect(delays[delays.count * 9 / 10] < 50)
        }

        @Test func `constant arrivals are planned a period apart and leave when they are due`() throws {
            let (planned, dispatched) = try instants(arrivals: "constant", seed: 1)
            let ordered = planned.sorted()
            let period = 1000 / Self.rate
            for (ordinal, instant) in ordered.enumerated() {
                #expect(abs(instant - ordered[0] - Double(ordinal) * period) < 2e-6)
            }
            expectPunctual(planned, dispatched)
        }

        @Test func `Poisson arrivals are planned as the seed draws them and leave when they are due`() throws {
            let seed = UInt64.random(in: 1...999_999)
            print("seed \(seed)")
            let (planned, dispatched) = try instants(arrivals: "poisson", seed: seed)
            // The sums of exponential gaps, drawn by inversion from the generator that the seed and the purpose name.
            var generator = SeededGenerator(seed: seed, purpose: "arrivals measured one")
            var due = 0.0
            let schedule = (0..<Self.count).map { _ in
                due += -log(generator.unitInterval()) / Self.rate
                return due * 1000
            }
            let ordered = planned.sorted()
            for (instant, expected) in zip(ordered, schedule) {
                #expect(abs((instant - ordered[0]) - (expected - schedule[0])) < 2e-6)
            }
            expectPunctual(planned, dispatched)
            // Whatever the generator draws: the gaps of a Poisson process vary as much as they are long.
            let gaps = zip(ordered.dropFirst(), ordered).map { $0 - $1 }
            let mean = gaps.reduce(0, +) / Double(gaps.count)
            let variance = gaps.reduce(0) { $0 + ($1 - mean) * ($1 - mean) } / Double(gaps.count)
            #expect(mean > 0.5 * 1000 / Self.rate && mean < 1.6 * 1000 / Self.rate)
            #expect(variance.squareRoot() / mean > 0.5 && variance.squareRoot() / mean < 1.9)
        }

        @Test func `a server that stands still delays every request that was due meanwhile`() throws {
            let open = try stalled(load: "open: {rate: \(Int(Self.rate))}")
            let closed = try stalled(load: "closed: {concurrency: 1}")
            print("due in a stall of \(open.stall.milliseconds) ms: \(open.due.count) in the open loop")
            print("slow answers: \(open.slow) in the open loop, \(closed.slow) in the closed one")
            let expected = Self.rate * open.stall.seconds
            #expect(abs(Double(open.due.count) - expected) <= 2)
            #expect(open.due.allSatisfy { $0.waited >= $0.least }, "\(open.due)")
            // Half of those due in the stall wait for more than its half; a closed loop asks once, and hides the rest.
            #expect(Double(open.slow) > expected * 0.4)
            #expect(closed.slow <= 1)
        }

        /// What a run saw of a server that was stopped and continued while it was measured.
        private struct Stalled {
            /// How long the server stood still.
            let stall: Nanoseconds
            /// For each request planned within that time: its `ttft_sched`, and the least that it can have been, in ms.
            let due: [(waited: Double, least: Double)]
            /// Requests whose `ttft_sched` is more than half of the stall.
            let slow: Int
        }

        private func stalled(load: String) throws -> Stalled {
            let server = try SimulatorServer("--ttft-ms", "20", "--itl-ms", "1", "--tokens", "10")
            var stopped = MonotonicClock.now()
            var continued = stopped
            let run = try MeasuredRun(
                """
                targets: [{name: one, api: openai-chat, base_url: "\(server.url)/v1", model: m}]
                load: {\(load), duration: 3s}
                timeouts: {first_token: 10s}
                """
            ) {
                try server.waitForAnswer()
                usleep(600_000)
                server.signal(SIGSTOP)
                // A process that is in the kernel stops when it comes back from there.
                usleep(20_000)
                stopped = MonotonicClock.now()
                usleep(1_000_000)
                continued = MonotonicClock.now()
                server.signal(SIGCONT)
            }
            server.stop()
            let start = Int64(try #require(run.rows("runs.csv").first).number("started_monotonic_ns"))
            let rows = try run.rows("requests.csv")
            #expect(rows.allSatisfy { $0["status"] == "ok" })
            var due: [(waited: Double, least: Double)] = []
            for row in rows {
                let offset = Nanoseconds(milliseconds: try row.number("planned_offset_ms"))
                let planned = Instant(nanoseconds: start) + offset
                guard planned > stopped, planned < continued else { continue }
                due.append((try row.number("ttft_sched_ms"), (continued - planned).milliseconds))
            }
            let half = (continued - stopped).milliseconds / 2
            return Stalled(
                stall: continued - stopped, due: due, slow: try rows.count { try $0.number("ttft_sched_ms") > half })
        }
    }
}
