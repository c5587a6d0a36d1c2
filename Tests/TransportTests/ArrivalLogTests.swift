import Foundation
import Testing
import Timeline

@testable import Transport

/// A log tells each chunk from the one before: what is read must be what was written, byte for byte.
@Suite("Arrival log")
struct ArrivalLogTests {
    private func append(_ bytes: [UInt8], to log: ArrivalLog, sequence: UInt32, at instant: Int64 = 1) {
        bytes.withUnsafeBytes { bytes in
            guard let address = bytes.baseAddress else { return }
            let stamp = ArrivalStamp(
                arrival: Instant(nanoseconds: instant), reading: Instant(nanoseconds: instant + 1),
                lateBound: Nanoseconds(instant + 2))
            log.append(address, count: bytes.count, sequence: sequence, stamp: stamp)
        }
    }

    @Test func `a log returns what was put into it, over many blocks`() {
        let log = ArrivalLog()
        let count = 40_977
        for position in 0..<count {
            append(Array("chunk \(position)".utf8), to: log, sequence: UInt32(position / 3 + 1), at: Int64(position))
        }
        var position = 0
        let reader = ArrivalReader(log)
        reader.readOn { arrival in
            #expect(String(decoding: arrival.bytes, as: UTF8.self) == "chunk \(position)")
            #expect(arrival.readIndex == position / 3)
            #expect(arrival.arrival.nanoseconds == Int64(position))
            #expect(arrival.reading.nanoseconds == Int64(position + 1))
            #expect(arrival.lateBound.count == Int64(position + 2))
            position += 1
        }
        #expect(position == count && reader.count == count)
        #expect(log.readCount == (count + 2) / 3)
        reader.readOn { _ in Issue.record("nothing is new") }
        var last: [String] = []
        ArrivalReader(log).readOn(from: count - 2) { last.append(String(decoding: $0.bytes, as: UTF8.self)) }
        #expect(last == ["chunk \(count - 2)", "chunk \(count - 1)"])
    }

    /// Deliveries such as servers send, and such as nobody sends.
    private static func delivery(_ random: inout SeededGenerator, after previous: [UInt8]) -> [UInt8] {
        func bytes(_ count: Int, _ alphabet: ClosedRange<UInt8>) -> [UInt8] {
            (0..<count).map { _ in UInt8.random(in: alphabet, using: &random) }
        }
        func event() -> [UInt8] {
            Array("data: {\"id\":\"chatcmpl-1\",\"choices\":[{\"delta\":{\"content\":\"".utf8)
                + bytes(Int.random(in: 0...12, using: &random), 97...122) + Array("\"}}]}\n\n".utf8)
        }
        switch Int.random(in: 0..<12, using: &random) {
        case 0..<5: return event()
        case 5: return (0..<Int.random(in: 2...90, using: &random)).flatMap { _ in event() }
        case 6: return bytes(Int.random(in: 1...40, using: &random), 10...11)
        case 7: return bytes(Int.random(in: 1...200, using: &random), 0...255)
        case 8: return bytes(Int.random(in: 4090...4100, using: &random), 0...255)
        case 9: return Array(previous.prefix(Int.random(in: 1...max(1, previous.count), using: &random)))
        case 10: return previous + [10]
        // The same bytes over and over have more in common with themselves than they are long.
        default: return [UInt8](repeating: 97, count: Int.random(in: 1...5000, using: &random))
        }
    }

    @Test(arguments: 1...20) func `any deliveries come back as they were`(seed: UInt64) {
        var random = SeededGenerator(seed: seed, purpose: "deliveries")
        let log = ArrivalLog()
        let reader = ArrivalReader(log)
        var written: [[UInt8]] = []
        var read: [[UInt8]] = []
        for _ in 0..<400 {
            written.append(Self.delivery(&random, after: written.last ?? [1]))
            append(written[written.count - 1], to: log, sequence: UInt32(written.count))
            // Some readers come often, others at the end.
            if seed.isMultiple(of: 2), Bool.random(using: &random) { reader.readOn { read.append(Array($0.bytes)) } }
        }
        reader.readOn { read.append(Array($0.bytes)) }
        #expect(read == written)
        #expect(log.byteCount == written.reduce(0) { $0 + $1.count })
    }

    @Test func `a delivery larger than a block stays in one piece`() {
        let log = ArrivalLog()
        let large = [UInt8](repeating: 120, count: 1_000_000)
        append([97], to: log, sequence: 1)
        append(large, to: log, sequence: 2)
        append([98], to: log, sequence: 3)
        var texts: [[UInt8]] = []
        log.forEachArrival { texts.append(Array($0.bytes)) }
        #expect(texts == [[97], large, [98]])
        #expect(log.byteCount == 1_000_002)
    }

    @Test func `a reader sees whole entries while the log grows`() {
        let log = ArrivalLog()
        let count = 60_000
        let writer = Thread {
            for position in 0..<count { append(Array("\(position)".utf8), to: log, sequence: UInt32(position + 1)) }
        }
        writer.start()
        let reader = ArrivalReader(log)
        while reader.count < count {
            reader.readOn { arrival in
                #expect(arrival.readIndex == Int(String(decoding: arrival.bytes, as: UTF8.self)))
            }
        }
    }
}
