import CTransport
import CCurl
import Foundation
import Synchronization
import Testing
import Timeline

@testable import Transport

@Suite("Parts of the transport")
struct PartTests {
    @Test func `items from many threads are handed over once each, in each thread's order`() {
        let handOver = HandOver<(producer: Int, position: Int)>()
        let (producers, count) = (8, 20_000)
        for producer in 0..<producers {
            Thread { for position in 0..<count { handOver.put((producer, position)) } }.start()
        }
        var next = [Int](repeating: 0, count: producers)
        var taken = 0
        var idleWaits = 0
        while taken < producers * count, idleWaits < 5 {
            handOver.wait(milliseconds: 2000)
            let items = handOver.takeAll()
            idleWaits = items.isEmpty ? idleWaits + 1 : 0
            for item in items {
                #expect(item.position == next[item.producer])
                next[item.producer] += 1
            }
            taken += items.count
        }
        #expect(taken == producers * count)
        #expect(handOver.takeAll().isEmpty)
    }

    @Test func `a taker that sleeps is woken by every item`() {
        let handOver = HandOver<Int>()
        let answers = HandOver<Int>()
        let count = 20_000
        Thread {
            var taken = 0
            while taken < count {
                handOver.wait(milliseconds: -1)
                for item in handOver.takeAll() {
                    answers.put(item)
                    taken += 1
                }
            }
        }.start()
        for position in 0..<count {
            handOver.put(position)
            var answer: [Int] = []
            var patience = 3
            while answer.isEmpty, patience > 0 {
                answers.wait(milliseconds: 2000)
                answer = answers.takeAll()
                if answer.isEmpty { patience -= 1 }
            }
            guard answer == [position] else {
                Issue.record("item \(position) was answered with \(answer)")
                return
            }
        }
    }

    @Test func `deadlines come out as a sorted array would have them`() {
        var deadlines = Deadlines()
        var sorted: [(instant: Int64, token: Int)] = []
        var generator = SeededGenerator(seed: 3, purpose: "deadlines")
        for token in 0..<3000 {
            let instant = Int64.random(in: 0..<1000, using: &generator)
            deadlines.add(Instant(nanoseconds: instant), token: token)
            sorted.append((instant, token))
            guard token % 3 == 2 else { continue }
            sorted.sort { $0.instant < $1.instant }
            let now = Int64.random(in: 0..<1000, using: &generator)
            let due = sorted.first.map { $0.instant <= now } ?? false
            #expect(deadlines.earliest?.nanoseconds == sorted.first?.instant)
            guard let token = deadlines.popDue(at: Instant(nanoseconds: now)) else {
                #expect(!due)
                continue
            }
            let place = sorted.firstIndex { $0.token == token }
            #expect(due && place.map { sorted[$0].instant } == sorted[0].instant)
            if let place { sorted.remove(at: place) }
        }
        var rest: [Int] = []
        while let token = deadlines.popDue(at: Instant(nanoseconds: 1000)) { rest.append(token) }
        #expect(Set(rest) == Set(sorted.map(\.token)))
        #expect(rest.count == sorted.count)
        #expect(deadlines.earliest == nil)
    }
}
