import Glibc
import Synchronization
import Testing
import Timeline
import Transport

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

    init(lineEnd: String, isChunked: Bool, pieces kind: Pieces, eventCount: Int = 24) {
        var wire: [UInt8] = []
        var cuts: [Int] = []
        var wireEnds: [(offset: Int, bodyBytes: Int)] = []
        var bodyBytes = 0
        var generator = SeededGenerator(seed: 7, purpose: kind.rawValue)
        for index in 0..<eventCount {
            let text = "data: \(String(repeating: "x", count: 20 + 7 * (index % 5)))"
            let event = Array((text + lineEnd + lineEnd).utf8)
            let start = wire.count
            let framing = isChunked ? Array("\(String(event.count, radix: 16))\r\n".utf8) : []
            wire += framing + event
            bodyBytes += event.count
            // A blank line is complete with its carriage return already.
            let early = lineEnd == "\r\n" ? 1 : 0
            wireEnds.append((wire.count - 1 - early, bodyBytes - early))
            if isChunked { wire += Array("\r\n".utf8) }
            switch kind {
            case .eventEach: cuts.append(wire.count)
            case .severalEvents: if index % 3 == 2 { cuts.append(wire.count) }
            case .splitEvents:
                // Through the text, through its line's end, and between the two line ends, in turn.
                let places = [5, text.utf8.count, text.utf8.count + 1, text.utf8.count + lineEnd.utf8.count]
                cuts += [start + framing.count + places[index % places.count], wire.count]
            case .anywhere:
                let length = event.count - early
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
        for kind in WireStream.Pieces.allCases {
            let stream = WireStream(lineEnd: lineEnd, isChunked: isChunked, pieces: kind)
            let provenCount = try check(stream, isChunked: isChunked, kind.rawValue)
            // A bound that always says "unknown" would be sound, and useless.
            if kind == .eventEach { #expect(provenCount > 0) }
        }
    }

    /// Holds every arrival against its send; returns how many were found to be exact.
    private func check(_ stream: WireStream, isChunked: Bool, _ name: String) throws -> Int {
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
        let ended = transfers(requests(1, to: server.url), beforeNext: { usleep(3000) })
        let transfer = try #require(ended.first)
        server.stop()
        #expect(transfer.end == .clean)
        let truth = sends.withLock { $0 }
        var position = 0
        var bodyBytes = 0
        var provenCount = 0
        _ = transfer.log.forEachArrival { arrival in
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
