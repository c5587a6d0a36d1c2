import Foundation
import Testing
import Timeline

/// One answer as the simulator logged it: when it was asked, and when it sent what.
struct SentAnswer {
    let identifier: String
    let target: String
    /// When the request had been read.
    let asked: Instant
    let ended: Instant
    /// When the first token was sent; nil where none was.
    let firstToken: Instant?

    init(_ line: String) throws {
        let entry = try JSONValue(parsing: line)
        func instant(_ value: JSONValue?) -> Instant? {
            value?.integerValue.map { Instant(nanoseconds: Int64($0)) }
        }
        identifier = try #require(entry["id"]?.stringValue)
        target = try #require(entry["target"]?.stringValue)
        asked = try #require(instant(entry["body_ns"]))
        ended = try #require(instant(entry["ended_ns"]))
        let tokens = try #require(entry["tokens"]?.arrayValue)
        let sends = try #require(entry["sends_ns"]?.arrayValue)
        firstToken = zip(sends, tokens).first { ($1.integerValue ?? 0) > 0 }.flatMap { instant($0.0) }
    }

    /// From the request's last byte to the first token, in milliseconds.
    var timeToFirstToken: Double? { firstToken.map { ($0 - asked).milliseconds } }
}

extension SimulatorServer {
    /// The log's answers; complete once the simulator has stopped.
    func answers() throws -> [SentAnswer] {
        try String(contentsOf: log, encoding: .utf8).split(separator: "\n").map { try SentAnswer(String($0)) }
    }
}

extension SimulatorServer {
    /// Waits until the first answer has ended; the test fails after ten seconds.
    func waitForAnswer() throws {
        for _ in 0..<1_000 {
            if try !answers().isEmpty { return }
            usleep(10_000)
        }
        Issue.record("nothing was asked of the simulator")
    }
}

extension [Double] {
    /// The middle value, or the mean of the two in the middle; NaN without values.
    var median: Double {
        let ordered = sorted()
        guard !ordered.isEmpty else { return .nan }
        return (ordered[(count - 1) / 2] + ordered[count / 2]) / 2
    }
}
