import ArgumentParser
import FoundationEssentials
import Glibc
import Metrics
import Scenarios
import Timeline
import Transport

/// Measures one load as `ttft run` does, against a simulator in another process, and joins the two sides.
struct CalibrationSession {
    /// The chunks that each stream brings in a second.
    let rate: Double
    let stamps: StampSelfTest.Verdict

    private static let requestsPerStream = 3
    private static let firstToken = Nanoseconds.milliseconds(200)
    private static let answerLength = Nanoseconds.seconds(1)

    func measure(streams: Int) throws -> CalibrationStep {
        let folder = try ScratchFolder()
        let log = folder.file("sends.jsonl")
        let database = try DatabaseOption.parse(["--db", folder.file("calibration.sqlite")])
        var session = RunSession(scenario: try scenario(streams: streams), database: database, stamps: stamps)
        session.simulatorLog = log
        let before = Self.processorTime()
        let runID = try session.run(progress: .none)
        let processorTime = Self.processorTime() - before
        return CalibrationStep(
            streams: streams, plannedChunksPerSecond: Double(streams) * rate * busyShare,
            records: try StoredRun(runID, database: database.resolved).records(), sent: try Self.answers(in: log),
            processorTime: processorTime)
    }

    private var tokens: Int { max(2, Int((Self.answerLength.seconds * rate).rounded())) }

    /// The share of its time in which a stream brings chunks, rather than waits for the first.
    private var busyShare: Double {
        let streaming = Double(tokens - 1) / rate
        return streaming / (streaming + Self.firstToken.seconds)
    }

    private func scenario(streams: Int) throws -> Scenario {
        let text = """
            name: calibration
            targets:
              - name: simulator
                simulate: {ttft: \(Self.firstToken.milliseconds)ms, gap: \(1000 / rate)ms, tokens: \(tokens), jitter: 0.3}
            request: {max_output_tokens: \(tokens)}
            load:
              closed: {concurrency: \(streams)}
              requests: \(streams * Self.requestsPerStream)
            store: {raw: none, text: false}
            """
        return try Scenario(text: text, file: "calibration.yaml", environment: [:], vocabulary: .current)
    }

    private static func answers(in log: String) throws -> [SentStream] {
        guard let text = try? String(contentsOfFile: log, encoding: .utf8) else {
            throw Complaint("the simulator left no log of what it sent", ExitStatus.failure)
        }
        return text.split(separator: "\n").compactMap { line in
            (try? JSONValue(parsing: String(line))).flatMap { SentStream($0) }
        }
    }

    /// User and system time of all threads of this process.
    private static func processorTime() -> Nanoseconds {
        var usage = rusage()
        getrusage(__rusage_who_t(RUSAGE_SELF.rawValue), &usage)
        let seconds = usage.ru_utime.tv_sec + usage.ru_stime.tv_sec
        let microseconds = usage.ru_utime.tv_usec + usage.ru_stime.tv_usec
        return Nanoseconds(Int64(seconds) * 1_000_000_000 + Int64(microseconds) * 1000)
    }
}

extension SentStream {
    /// Reads an entry of the simulator's send log; nil where it is none.
    init?(_ entry: JSONValue) {
        func instant(_ value: JSONValue?) -> Instant? {
            value?.integerValue.map { Instant(nanoseconds: Int64($0)) }
        }
        guard let requestID = entry["id"]?.stringValue, let requestRead = instant(entry["body_ns"]),
            let sends = entry["sends_ns"]?.arrayValue, let tokens = entry["tokens"]?.arrayValue
        else { return nil }
        let content = zip(sends, tokens).filter { ($0.1.integerValue ?? 0) > 0 }.compactMap { instant($0.0) }
        self.init(
            requestID: requestID, requestRead: requestRead, contentSends: content,
            latestBy: Nanoseconds(Int64(entry["late_max_ns"]?.integerValue ?? 0)))
    }
}

/// A folder for files that nobody needs later; goes away with its owner.
final class ScratchFolder {
    private let path: String

    init() throws {
        let base = Environment.variable("TMPDIR").flatMap { $0.hasPrefix("/") ? $0 : nil } ?? "/tmp"
        var template = Array("\(base)/ttft-XXXXXX".utf8CString)
        guard mkdtemp(&template) != nil else {
            throw Complaint("\(base): \(String(cString: strerror(errno)))", ExitStatus.failure)
        }
        path = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func file(_ name: String) -> String { "\(path)/\(name)" }
}
