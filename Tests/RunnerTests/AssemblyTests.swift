import Scenarios
import Testing
import Timeline
import Wire

@testable import Runner
@testable import Transport

/// A source that never sends, for a loop that is never run.
private final class NoRequests: RequestSource {
    func next(at now: Instant) -> NextRequest { .finished }
    func transferEnded(_ transfer: EndedTransfer, at now: Instant) {}
    func stop() {}
}

/// A transfer whose log is written by hand: pieces of a body, each with its read and instants in milliseconds.
private struct HandMade {
    let loop: TransferLoop
    let transfer: Transfer

    init(_ deliveries: [(text: String, read: UInt32, arrival: Double, reading: Double)]) throws {
        loop = try #require(
            TransferLoop(source: NoRequests(), clockSource: .kernel, ended: HandOver(), commands: HandOver()))
        let target = TransportTarget(
            url: "http://127.0.0.1/", headers: [], httpVersion: .one, connections: .reuse,
            certificateAuthorityFile: nil, timeouts: Timeouts())
        let request = TransportRequest(
            plan: PlannedRequest(
                index: 7, targetIndex: 0, phase: .measured, prompt: Prompt(id: "p", text: "hi")), planned: at(1),
            target: target, body: RequestBody([]), clientRequestID: "run-7")
        transfer = Transfer(request: request, dispatched: at(2), loop: loop)
        transfer.sent = at(3)
        transfer.sendCount = 1
        transfer.status = 200
        transfer.headerLines = Array("Content-Type: text/event-stream\r\nX-Request-Id: server-1\r\n".utf8)
        for delivery in deliveries {
            Array(delivery.text.utf8).withUnsafeBytes { bytes in
                guard let address = bytes.baseAddress else { return }
                let stamp = ArrivalStamp(
                    arrival: at(delivery.arrival), reading: at(delivery.reading), lateBound: .milliseconds(0.02))
                transfer.log.append(address, count: bytes.count, sequence: delivery.read, stamp: stamp)
            }
        }
    }
}

private func content(_ text: String) -> String {
    "data: {\"choices\":[{\"index\":0,\"delta\":{\"content\":\"\(text)\"}}]}\n\n"
}

private let finish = "data: {\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"stop\"}]}\n\ndata: [DONE]\n\n"

@Suite("Stream assembly")
struct AssemblyTests {
    private func assembly(raw: Scenario.RawStorage = .none) throws -> StreamAssembly {
        StreamAssembly(
            dialect: try #require(Dialects.named("openai-chat")), targetName: "a", settings: RequestSettings(),
            keepsText: true, keepsRaw: raw)
    }

    @Test func `each event gets the instants of the read that completed it`() throws {
        let split = content("split over two reads")
        let made = try HandMade([
            (content("one"), 1, 10, 10.5),
            // Two events in one read, delivered in two goes: they share its instants.
            (content("two"), 2, 20, 20.5), (content("three"), 2, 20, 20.6),
            (String(split.prefix(30)), 3, 30, 30.5), (String(split.dropFirst(30)), 4, 40, 40.5),
            (finish, 5, 50, 50.5),
        ])
        let record = try assembly().record(of: made.transfer)
        #expect(record.outcome.outcomeClass == .ok)
        #expect(record.events.map(\.kind) == [.text, .text, .text, .text, .control, .terminal])
        #expect(record.events.map(\.readIndex) == [0, 1, 1, 3, 4, 4])
        #expect(record.events.map(\.arrival) == [10, 20, 20, 40, 50, 50].map(at))
        #expect(record.events.map(\.reading) == [10.5, 20.6, 20.6, 40.5, 50.5, 50.5].map(at))
        #expect(record.events.allSatisfy { $0.lateBound == .milliseconds(0.02) })
        #expect(record.events.prefix(4).map(\.text) == ["one", "two", "three", "split over two reads"])
        #expect(record.terminal == at(50))
        #expect(record.readCount == 5)
        #expect(record.finishReason == "stop")
    }

    @Test func `what the transport saw is copied as it is`() throws {
        let made = try HandMade([(content("one") + finish, 1, 10, 11)])
        made.transfer.firstByte = at(4)
        made.transfer.headersComplete = at(5)
        made.transfer.closed = at(60)
        made.transfer.httpVersion = "2"
        made.transfer.sendCount = 2
        let record = try assembly().record(of: made.transfer)
        #expect(record.requestIndex == 7 && record.target == "a" && record.clientRequestID == "run-7")
        #expect([record.planned, record.dispatched, record.sent] == [at(1), at(2), at(3)])
        #expect([record.firstByte, record.headersComplete, record.closed] == [at(4), at(5), at(60)])
        #expect(record.httpVersion == "2" && record.sendCount == 2 && record.httpStatus == 200)
        #expect(record.bytesReceived == (content("one") + finish).utf8.count)
        #expect(record.responseHeaders.contains { $0.value == "server-1" })
    }

    @Test func `a stream cut short keeps its events, and its raw bytes where that was asked for`() throws {
        let body = content("one") + "data: {\"cho"
        for (raw, kept) in [(Scenario.RawStorage.none, false), (.failed, true), (.all, true)] {
            let made = try HandMade([(body, 1, 10, 11)])
            let record = try assembly(raw: raw).record(of: made.transfer)
            #expect(record.outcome.outcomeClass == .truncated)
            #expect(record.events.first?.arrival == at(10))
            #expect(record.terminal == nil)
            #expect(record.rawBody == (kept ? Array(body.utf8) : nil))
        }
        let complete = try HandMade([(content("one") + finish, 1, 10, 11)])
        #expect(try assembly(raw: .failed).record(of: complete.transfer).rawBody == nil)
        #expect(try assembly(raw: .all).record(of: complete.transfer).rawBody != nil)
    }

    @Test(arguments: [0, 1, 2, 3])
    func `a stored body decoded again gives the record that was stored`(_ fault: Int) throws {
        let split = content("split over two reads")
        var deliveries: [(text: String, read: UInt32, arrival: Double, reading: Double)] = [
            (content("one"), 1, 10, 10.5), (content("two"), 2, 20, 20.5), (content("three"), 2, 20, 20.6),
            // Two reads whose bytes came together, and a comment.
            (": wait\n\n", 3, 30, 30.5), (content("four"), 4, 30, 30.8),
            (String(split.prefix(30)), 5, 40, 40.5), (String(split.dropFirst(30)), 6, 50, 50.5), (finish, 7, 60, 60.5),
        ]
        deliveries.removeLast(fault)
        let made = try HandMade(deliveries)
        if fault > 0 { made.transfer.end = .cutShort(message: "3 bytes are missing") }
        let record = try assembly(raw: .all).record(of: made.transfer)
        #expect(record.outcome.outcomeClass == (fault == 0 ? .ok : .truncated))
        #expect(record.decodedAgain(as: "openai-chat") == record)
        // Nothing is copied from the record: events that were lost come back, and those of another API go.
        var damaged = record
        damaged.events = []
        damaged.outcome = StreamOutcome(.cancelled)
        damaged.terminal = at(1)
        #expect(damaged.decodedAgain(as: "openai-chat") == record)
        #expect(record.decodedAgain(as: "anthropic")?.events.contains { $0.kind.isContent } == false)
    }

    @Test func `a body that is not stored to its end is not decoded again`() throws {
        let made = try HandMade([(content("one"), 1, 10, 11), (finish, 2, 20, 21)])
        var record = try assembly(raw: .all).record(of: made.transfer)
        #expect(record.canBeDecodedAgain)
        record.rawBody?.removeLast()
        #expect(!record.canBeDecodedAgain && record.decodedAgain(as: "openai-chat") == nil)
        record.rawBody = nil
        #expect(!record.canBeDecodedAgain)
        #expect(try !assembly(raw: .none).record(of: made.transfer).canBeDecodedAgain)
    }

    @Test func `a question is answered by what came, not by how many bytes`() throws {
        let watch = ProgressWatch(
            timeouts: Timeouts(firstToken: .milliseconds(100), stall: .milliseconds(50)))
        let dialect = try #require(Dialects.named("openai-chat"))
        func answer(
            _ deliveries: [(text: String, read: UInt32, arrival: Double, reading: Double)], at now: Double
        ) throws -> ProgressWatch.Answer {
            let made = try HandMade(deliveries)
            let question = ProgressQuestion(
                transfer: made.transfer, sent: at(3), status: 200, headers: made.transfer.headers)
            return watch.answer(question, dialect: dialect, expectsStream: true, now: at(now))
        }
        let comments = [(": waiting\n\n", UInt32(1), 90.0, 90.0)]
        #expect(try answer(comments, at: 102) == .lookAgain(at: at(103)))
        #expect(try answer(comments, at: 103) == .end(.timedOut(.firstToken)))
        let stalled = [
            (content("one"), UInt32(1), 20.0, 20.0), (content("two"), 2, 60.0, 60.0), (": wait\n\n", 3, 105.0, 105.0),
        ]
        #expect(try answer(stalled, at: 106) == .lookAgain(at: at(110)))
        #expect(try answer(stalled, at: 110) == .end(.timedOut(.stall)))
        // A server that never closes cannot spoil what is complete.
        let complete = [(content("one") + finish, UInt32(1), 20.0, 20.0)]
        #expect(try answer(complete, at: 500) == .end(.clean))
    }
}
