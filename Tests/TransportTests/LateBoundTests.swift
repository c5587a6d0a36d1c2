import Glibc
import Synchronization
import Testing
import Timeline
import Transport

/// One event of a stream.
private struct WireEvent {
    var bytes: [UInt8]
    /// How many bytes before its last one it is complete.
    var early = 0
    /// Where it is worth while to divide it.
    var places: [Int]

    private static let count = 24

    private static func text(_ index: Int) -> String { String(repeating: "x", count: 20 + 7 * (index % 5)) }

    static func serverSent(lineEnd: String) -> [WireEvent] {
        (0..<count).map { index in
            let line = "data: \(text(index))"
            // Through the text, through its line's end, and between the two line ends, in turn.
            let places = [5, line.utf8.count, line.utf8.count + 1, line.utf8.count + lineEnd.utf8.count]
            // A blank line is complete with its carriage return already.
            let early = lineEnd == "\r\n" ? 1 : 0
            return WireEvent(bytes: Array((line + lineEnd + lineEnd).utf8), early: early, places: places)
        }
    }

    static func lines(lineEnd: String) -> [WireEvent] {
        (0..<count).map { index in
            let line = "{\"a\":\"\(text(index))\"}"
            // Through the text, before its last byte, and before and inside its line's end, in turn.
            let places = [5, line.utf8.count - 1, line.utf8.count, line.utf8.count + lineEnd.utf8.count - 1]
            return WireEvent(bytes: Array((line + lineEnd).utf8), places: places)
        }
    }

    /// Messages behind their lengths, full of what ends events elsewhere.
    static func messages() -> [WireEvent] {
        (0..<count).map { index in
            let content = Array("\r\n\r\n\(text(index))\n\n".utf8) + [0, 0, 0, 20]
            return WireEvent(
                bytes: [0, 0, 0, UInt8(content.count + 4)] + content, places: [2, 4, 9, content.count + 3])
        }
    }
}

/// How a stream's bytes are put on the wire, and when each of its events was complete there.
private struct WireStream {
    enum Pieces: String, CaseIterable {
        case eventEach = "an event a send"
        case severalEvents = "three events a send"
        case splitEvents = "each event over two sends"
        case anywhere = "sends that end anywhere"
    }

    private(set) var pieces: [[UInt8]] = []
    /// For each event the piece that holds its last byte, and how many body bytes there are up to that byte.
    private(set) var ends: [(piece: Int, bodyBytes: Int)] = []

    init(_ events: [WireEvent], isChunked: Bool, pieces kind: Pieces) {
        var wire: [UInt8] = []
        var cuts: [Int] = []
        var wireEnds: [(offset: Int, bodyBytes: Int)] = []
        var bodyBytes = 0
        var generator = SeededGenerator(seed: 7, purpose: kind.rawValue)
        for (index, event) in events.enumerated() {
            let start = wire.count
            let framing = isChunked ? Array("\(String(event.bytes.count, radix: 16))\r\n".utf8) : []
            wire += framing + event.bytes
            bodyBytes += event.bytes.count
            wireEnds.append((wire.count - 1 - event.early, bodyBytes - event.early))
            if isChunked { wire += Array("\r\n".utf8) }
            switch kind {
            case .eventEach: cuts.append(wire.count)
            case .severalEvents: if index % 3 == 2 { cuts.append(wire.count) }
            case .splitEvents: cuts += [start + framing.count + event.places[index % event.places.count], wire.count]
            case .anywhere:
                let length = event.bytes.count - event.early
                cuts.append(start + framing.count + Int.random(in: 1..<length, using: &generator))
            }
        }
        cut(wire, at: cuts + [wire.count], wireEnds)
    }

    private mutating func cut(_ wire: [UInt8], at cuts: [Int], _ wireEnds: [(offset: Int, bodyBytes: Int)]) {
        var start = 0
        for end in cuts where end > start {
            pieces.append(Array(wire[start..<end]))
            ends += wireEnds.filter { start..<end ~= $0.offset }.map { (pieces.count - 1, $0.bodyBytes) }
            start = end
        }
    }
}

@Suite("Late bounds", .serialized)
struct LateBoundTests {
    /// The most that loopback takes from the return of `send` to the kernel's stamp, where a softirq was put off.
    private static let loopbackDelay = Nanoseconds.milliseconds(0.2)

    @Test(arguments: ["\n", "\r\n", "\r"], [false, true])
    func `an arrival is late by no more than its bound says, however segments are cut, queued and merged`(
        lineEnd: String, isChunked: Bool
    ) throws {
        try check(WireEvent.serverSent(lineEnd: lineEnd), endingBy: .blankLine, isChunked: isChunked)
    }

    @Test(arguments: ["\n", "\r\n"], [false, true])
    func `so it is with JSON lines`(lineEnd: String, isChunked: Bool) throws {
        try check(WireEvent.lines(lineEnd: lineEnd), endingBy: .lineEnd, isChunked: isChunked)
    }

    @Test(arguments: [false, true])
    func `so it is with messages behind their lengths`(isChunked: Bool) throws {
        try check(WireEvent.messages(), endingBy: .length, isChunked: isChunked)
    }

    @Test(arguments: [EventEnd.lineEnd, .length])
    func `so it is with a stream of another kind than was asked for`(eventEnd: EventEnd) throws {
        let stream = WireStream(WireEvent.serverSent(lineEnd: "\n"), isChunked: true, pieces: .anywhere)
        _ = try check(stream, endingBy: eventEnd, isChunked: true, "\(eventEnd)")
    }

    @Test(arguments: [ClockSource.kernel, .read])
    func `events that waited together are no older than the last look that found nothing`(source: ClockSource) throws {
        let pause = Nanoseconds.milliseconds(60)
        let sends = Mutex<[(before: Instant, after: Instant)]>([])
        let server = try RawServer { connection in
            guard connection.readRequest() != nil else { return }
            connection.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n")
            for _ in 0..<20 {
                usleep(UInt32(pause.count / 1000))
                for text in ["content", "finish", "usage", "end"] {
                    let instants = connection.send("data: \(text)\n\n")
                    sends.withLock { $0.append(instants) }
                    usleep(300)
                }
            }
        }
        // The thread is away for as long as all four events of a group take, so that they wait together.
        let ended = transfers(
            requests(1, to: server.url), clockSource: source, beforeNext: { usleep(2000) })
        let transfer = try #require(ended.first)
        server.stop()
        let truth = sends.withLock { $0 }
        var bounds: [Nanoseconds] = []
        transfer.log.forEachArrival { arrival in
            // Without stamps one read brings all that waited: it is no older than its first event, nor younger than its last.
            let eventCount = arrival.bytes.count { $0 == UInt8(ascii: "\n") } / 2
            for sent in truth[bounds.count..<(bounds.count + eventCount)] {
                #expect(arrival.arrival >= sent.before - .milliseconds(0.001))
                #expect(arrival.arrival - arrival.lateBound <= sent.after + Self.loopbackDelay)
                bounds.append(arrival.lateBound)
            }
        }
        #expect(bounds.count == truth.count)
        let merged = bounds.filter { $0 > CurlTransport.stampFloor }
        #expect(!merged.isEmpty)
        // Reads alone tell that the socket was empty one pause ago.
        #expect(merged.sorted()[merged.count / 2] < Nanoseconds(pause.count / 4), "\(merged.map(\.milliseconds))")
    }

    private func check(_ events: [WireEvent], endingBy eventEnd: EventEnd, isChunked: Bool) throws {
        for kind in WireStream.Pieces.allCases {
            let stream = WireStream(events, isChunked: isChunked, pieces: kind)
            let provenCount = try check(stream, endingBy: eventEnd, isChunked: isChunked, kind.rawValue)
            // A bound that always says "unknown" would be sound, and useless.
            if kind == .eventEach { #expect(provenCount > 0) }
        }
    }

    /// Holds every arrival against its send; returns how many were found to be exact.
    private func check(
        _ stream: WireStream, endingBy eventEnd: EventEnd, isChunked: Bool, _ name: String
    ) throws -> Int {
        let sends = Mutex<[(before: Instant, after: Instant)]>([])
        let server = try RawServer { connection in
            guard connection.readRequest() != nil else { return }
            let framing = isChunked ? "Transfer-Encoding: chunked" : "Connection: close"
            connection.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\(framing)\r\n\r\n")
            usleep(10_000)
            for piece in stream.pieces {
                let instants = connection.send(piece)
                sends.withLock { $0.append(instants) }
                usleep(700)
            }
            if isChunked { connection.send("0\r\n\r\n") }
        }
        let ended = transfers(requests(1, to: server.url, eventEnd: eventEnd), beforeNext: { usleep(3000) })
        let transfer = try #require(ended.first)
        server.stop()
        #expect(transfer.end == .clean)
        let truth = sends.withLock { $0 }
        var position = 0
        var bodyBytes = 0
        var provenCount = 0
        transfer.log.forEachArrival { arrival in
            bodyBytes += arrival.bytes.count
            while position < stream.ends.count, stream.ends[position].bodyBytes <= bodyBytes {
                let sent = truth[stream.ends[position].piece]
                let place = "\(name), event \(position): \((arrival.arrival - sent.before).count) ns after its send"
                #expect(arrival.arrival >= sent.before - .milliseconds(0.001), "\(place)")
                #expect(
                    arrival.arrival - arrival.lateBound <= sent.after + Self.loopbackDelay,
                    "\(place), bound \(arrival.lateBound.count)")
                if arrival.lateBound == CurlTransport.stampFloor { provenCount += 1 }
                position += 1
            }
        }
        #expect(position == stream.ends.count)
        return provenCount
    }
}
