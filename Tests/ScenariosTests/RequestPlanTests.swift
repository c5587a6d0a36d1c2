import Scenarios
import Testing
import Timeline

struct RequestPlanTests {
    private func scenario(_ load: String, prompts: Int = 5, targets: Int = 2) throws -> Scenario {
        let targets = (0..<targets).map { "{name: t\($0), simulate: gpt-4o}" }.joined(separator: ", ")
        return try read(
            "targets: [\(targets)]\nload: \(load)\nprompts: [{synthetic: {words: 3, count: \(prompts)}}]")
    }

    @Test func `a closed loop gives the warm-up first and then the requests`() throws {
        let plan = RequestPlan(
            try scenario("{closed: {concurrency: 2}, requests: 7, warmup: {requests: 3}}"), seed: 1)
        let first = Array(plan.lane(of: 0))
        let second = Array(plan.lane(of: 1))
        #expect(first.map(\.phase) == Array(repeating: .warmup, count: 3) + Array(repeating: .measured, count: 7))
        #expect(first.map(\.index) == [0, 2, 4, 6, 8, 10, 12, 14, 16, 18])
        #expect(second.map(\.index) == [1, 3, 5, 7, 9, 11, 13, 15, 17, 19])
        #expect(second.allSatisfy { $0.targetIndex == 1 && $0.due == nil })
        #expect(first.map(\.prompt) == second.map(\.prompt))
    }

    @Test func `prompts take turns, measured ones from the front and the warm-up's from the back`() throws {
        let plan = RequestPlan(
            try scenario("{closed: {concurrency: 1}, requests: 10, warmup: {requests: 5}}"), seed: 1)
        let ids = plan.lane(of: 0).map(\.prompt.id)
        #expect(Set(ids[0..<5]).count == 5)
        #expect(ids[5..<10] == ids[10..<15])
        #expect(Array(ids[0..<5].reversed()) == Array(ids[5..<10]))
    }

    @Test func `what is measured does not depend on the warm-up, and the seed decides the order`() throws {
        let order = { (warmup: Int, seed: UInt64) in
            let text = "{closed: {concurrency: 1}, requests: 30, warmup: {requests: \(warmup)}}"
            return RequestPlan(try scenario(text, prompts: 30), seed: seed).lane(of: 0)
                .filter { $0.phase == .measured }.map(\.prompt.id)
        }
        let (cold, warm, other) = (try order(0, 1), try order(9, 1), try order(0, 2))
        #expect(cold == warm)
        #expect(cold != other)
        #expect(Set(cold).count == 30)
    }

    @Test func `a closed loop for a duration has no end of its own`() throws {
        let plan = RequestPlan(try scenario("{closed: {concurrency: 1}, duration: 1ms}"), seed: 1)
        #expect(Array(plan.lane(of: 0).prefix(10_000)).count == 10_000)
    }

    @Test func `constant arrivals are evenly spaced within the duration`() throws {
        let plan = RequestPlan(
            try scenario("{open: {rate: 4}, duration: 1s, warmup: {requests: 2}}"), seed: 1)
        #expect(plan.lane(of: 0).map(\.due?.milliseconds) == [0, 250, 0, 250, 500, 750])
    }

    @Test func `an open loop ends by its number of requests`() throws {
        let plan = RequestPlan(try scenario("{open: {rate: 3, arrivals: poisson}, requests: 20}"), seed: 1)
        #expect(Array(plan.lane(of: 0)).count == 20)
    }

    @Test func `Poisson arrivals have exponential gaps of the mean and the spread asked for`() {
        let schedule = ArrivalSchedule(rate: 50, arrivals: .poisson, seed: 3, purpose: "test")
        let dues = schedule.prefix(20_000).map(\.seconds)
        let gaps = zip(dues.dropFirst(), dues).map { $0 - $1 }
        let mean = gaps.reduce(0, +) / Double(gaps.count)
        let variance = gaps.map { ($0 - mean) * ($0 - mean) }.reduce(0, +) / Double(gaps.count)
        // The mean's standard error is 0.7 percent, and that of the standard deviation is 1 percent.
        #expect(abs(mean * 50 - 1) < 0.03)
        #expect(abs(variance.squareRoot() * 50 - 1) < 0.04)
        // Of an exponential distribution a share of 1/e is longer than the mean.
        let longShare = Double(gaps.filter { $0 > 0.02 }.count) / Double(gaps.count)
        #expect(abs(longShare - 0.3679) < 0.014)
        #expect(gaps.allSatisfy { $0 >= 0 })
    }

    @Test func `a seed gives the same arrivals, and a longer plan continues a shorter one`() throws {
        let dues = { (length: String, target: Int, seed: UInt64) in
            RequestPlan(try scenario("{open: {rate: 40, arrivals: poisson}, duration: \(length)}"), seed: seed)
                .lane(of: target).map(\.due)
        }
        let (short, again, long) = (try dues("5s", 0, 1), try dues("5s", 0, 1), try dues("10s", 0, 1))
        let (otherTarget, otherSeed) = (try dues("5s", 1, 1), try dues("5s", 0, 2))
        #expect(short == again)
        #expect(short == Array(long.prefix(short.count)))
        #expect(short != otherTarget)
        #expect(short != otherSeed)
        #expect(short.allSatisfy { $0.map { $0 < .seconds(5) } ?? false })
    }
}

struct CancellationPlanTests {
    private func cancelled(_ share: String, requests: Int, seed: UInt64 = 1) throws -> [Bool] {
        let scenario = try read(
            """
            targets: [{simulate: gpt-4o}]
            load: {closed: {concurrency: 1}, requests: \(requests), warmup: {requests: 9}}
            cancel: {share: \(share), after: {tokens: 3}}
            """)
        return RequestPlan(scenario, seed: seed).lane(of: 0).map { request in
            #expect(request.cancellation == nil || request.cancellation == .tokens(3))
            #expect(request.phase == .measured || request.cancellation == nil)
            return request.cancellation != nil
        }
    }

    @Test(arguments: [("0.2", 100, 20), ("0.5", 7, 3), ("1", 12, 12), ("0", 12, 0), ("0.9", 1000, 900)])
    func `the share of the measured requests is cancelled, and none of the warm-up`(
        share: String, requests: Int, expected: Int
    ) throws {
        let count = try cancelled(share, requests: requests).count { $0 }
        #expect(abs(count - expected) <= 1)
    }

    @Test func `of targets that are compared in pairs both requests of a pair are cancelled, or none`() throws {
        let scenario = try read(
            """
            targets:
              - {name: a, simulate: gpt-4o}
              - {name: b, simulate: gpt-4o, relay_of: a}
              - {name: c, simulate: gpt-4o}
            load: {closed: {concurrency: 1}, requests: 40}
            cancel: {share: 0.3, after: {tokens: 3}}
            """)
        let plans = (0..<3).map { target in
            RequestPlan(scenario, seed: 4).lane(of: target).map { $0.cancellation != nil }
        }
        #expect(plans[0] == plans[1] && plans[0] != plans[2])
    }

    @Test func `cancelled requests are spread evenly, from where the seed says`() throws {
        let positions = try cancelled("0.25", requests: 400).enumerated().filter(\.element).map(\.offset)
        #expect(zip(positions, positions.dropFirst()).allSatisfy { 3...5 ~= $1 - $0 })
        let starts = Set(try (1...12).map { try cancelled("0.1", requests: 30, seed: $0).firstIndex(of: true) })
        #expect(starts.count > 3)
    }
}
