import Simulator
import Testing
import Timeline
import Transport

@Suite("Arrivals", .serialized)
struct ArrivalTests {
    @Test func `the receive hook is reached and the kernel stamps here`() {
        #expect(StampSelfTest.run() == StampSelfTest.Verdict(source: .kernel, reason: nil))
    }

    @Test func `every event arrives after it was sent, and by the kernel's stamp soon after`() throws {
        let server = try SimulatedServer(
            scripts: ["m": StreamScript(timeToFirstToken: .milliseconds(30), gap: .milliseconds(2), tokens: 40)])
        try server.start()
        let ended = transfers(
            requests(24, to: "\(server.baseURL)/m/v1/chat/completions", tokens: 40), concurrency: 8)
        server.stop()
        let sendsByID = Dictionary(uniqueKeysWithValues: server.log.map { ($0.identifier, $0) })
        #expect(ended.count == 24)
        var lateness: [Int64] = []
        for transfer in ended {
            let entry = try #require(sendsByID[transfer.request.clientRequestID])
            let sent = try #require(transfer.sent)
            #expect(transfer.end == .clean)
            #expect(transfer.sendCount == 1)
            #expect(transfer.status == 200)
            // The server has read the body after we began to send it, and our stamp stands before the send.
            #expect(sent.nanoseconds <= entry.bodyRead.nanoseconds)
            lateness += latenessOfEvents(of: transfer, sends: entry.sends.map(\.instant))
        }
        lateness.sort()
        #expect(lateness.count >= 24 * 40)
        #expect(lateness[0] >= -1_000)
        // Generous: a busy machine may delay the softirq, but not the median of a thousand segments.
        #expect(lateness[lateness.count / 2] < 1_000_000)
    }

    /// Nanoseconds from each event's send to the arrival of the read that completed it.
    private func latenessOfEvents(of transfer: Transfer, sends: [Instant]) -> [Int64] {
        var ends = 0
        var lateness: [Int64] = []
        transfer.log.forEachArrival { arrival in
            let text = String(decoding: arrival.bytes, as: UTF8.self)
            let events = text.split(separator: "\n\n", omittingEmptySubsequences: false).count - 1
            for _ in 0..<events where ends < sends.count {
                lateness.append((arrival.arrival - sends[ends]).count)
                ends += 1
            }
            #expect(arrival.arrival <= arrival.reading)
            #expect(arrival.lateBound.count > 0)
        }
        return lateness
    }

    @Test func `reading instants stand in where the kernel's stamps are not wanted`() throws {
        let server = try SimulatedServer(scripts: ["m": StreamScript(timeToFirstToken: .milliseconds(5), tokens: 5)])
        try server.start()
        defer { server.stop() }
        let ended = transfers(
            requests(1, to: "\(server.baseURL)/m/v1/chat/completions", tokens: 5), clockSource: .read)
        let transfer = try #require(ended.first)
        transfer.log.forEachArrival { #expect($0.arrival == $0.reading) }
    }

    @Test func `a connection is used again, and a fresh one is opened where that is asked for`() throws {
        let server = try SimulatedServer(scripts: ["m": StreamScript(timeToFirstToken: .milliseconds(2), tokens: 3)])
        try server.start()
        let url = "\(server.baseURL)/m/v1/chat/completions"
        let reused = transfers(requests(4, to: url, prefix: "reuse", tokens: 3))
        let fresh = transfers(requests(4, to: url, prefix: "fresh", tokens: 3, connections: .fresh))
        server.stop()
        #expect(reused.map(\.connection.isNew) == [true, false, false, false])
        #expect(fresh.map(\.connection.isNew) == [true, true, true, true])
        let connections = { (prefix: String) in
            Set(server.log.filter { $0.identifier.hasPrefix(prefix) }.map(\.connection))
        }
        #expect(connections("reuse").count == 1)
        #expect(connections("fresh").count == 4)
    }
}
