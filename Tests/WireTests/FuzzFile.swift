import Foundation
import Timeline

@testable import Wire

/// The generator's file of cases: little-endian numbers of 32 bits, and texts as a length and bytes.
struct FuzzFile {
    private let bytes: [UInt8]
    private var place = 0

    struct Malformed: Error {}

    init(contentsOf url: URL) throws { bytes = Array(try Data(contentsOf: url)) }

    /// All cases of the file in their order.
    mutating func cases() throws -> [FuzzCase] {
        var cases: [FuzzCase] = []
        while place < bytes.count { cases.append(try example()) }
        return cases
    }

    private mutating func example() throws -> FuzzCase {
        let api = try text()
        let mutation = try text()
        guard let end = FuzzCase.ends[try text()] else { throw Malformed() }
        var capture = Capture(status: try number(), "")
        capture.headers = []
        for _ in 0..<(try number()) { capture.headers.append(HeaderField(try text(), try text())) }
        capture.body = Array(try block())
        var cuts: [Int] = []
        for _ in 0..<(try number()) { cuts.append(try number()) }
        var verdicts: [FuzzCase.Verdict] = []
        for _ in 0..<(try number()) { verdicts.append(try verdict()) }
        return FuzzCase(api: api, mutation: mutation, end: end, capture: capture, cuts: cuts, verdicts: verdicts)
    }

    private mutating func verdict() throws -> FuzzCase.Verdict {
        let classes = try text().split(separator: "|").map(String.init)
        let kinds = try text()
        var texts: [String] = []
        for _ in 0..<(try number()) { texts.append(try text()) }
        let calls = try optional()
        let knowsReason = try number() == 1
        let reason = try optional()
        let knowsUsage = try number() == 1
        let usage = [try optional(), try optional(), try optional()].map { $0.flatMap { Int($0) } }
        return FuzzCase.Verdict(
            classes: classes, kinds: kinds, texts: texts, calls: calls, reason: knowsReason ? .some(reason) : nil,
            usage: knowsUsage ? usage : nil)
    }

    private mutating func optional() throws -> String? { try number() == 0 ? nil : try text() }

    private mutating func text() throws -> String { String(decoding: try block(), as: UTF8.self) }

    private mutating func block() throws -> ArraySlice<UInt8> {
        let length = try number()
        guard place + length <= bytes.count else { throw Malformed() }
        defer { place += length }
        return bytes[place..<place + length]
    }

    private mutating func number() throws -> Int {
        guard place + 4 <= bytes.count else { throw Malformed() }
        defer { place += 4 }
        return (0..<4).reduce(0) { $0 | Int(bytes[place + $1]) << (8 * $1) }
    }
}
