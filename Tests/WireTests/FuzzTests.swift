import Foundation
import Testing
import Timeline

@testable import Wire

/// Mutated streams of every dialect against a slow reader in another language that knows only the rules.
///
/// `TTFT_FUZZ_COUNT` (20,000), `TTFT_FUZZ_SEED` (1) and `TTFT_FUZZ_FIRST` (0) choose the cases: a case depends on its
/// seed and its number alone, so that a failure is replayed with its number as the first and a count of 1.
struct FuzzTests {
    private static let environment = ProcessInfo.processInfo.environment
    private static let count = environment["TTFT_FUZZ_COUNT"].flatMap(Int.init) ?? 20_000
    private static let seed = environment["TTFT_FUZZ_SEED"].flatMap(Int.init) ?? 1
    private static let first = environment["TTFT_FUZZ_FIRST"].flatMap(Int.init) ?? 0
    /// Cases that are written and decoded at a time, so that a million of them take no more memory than these.
    private static let batch = 2500

    private static let generator = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Reference/fuzz").path

    @Test func `the generator knows every dialect`() throws {
        let cases = try Self.cases(from: 0, count: 500)
        #expect(Set(cases.map(\.api)) == Set(Dialects.names))
    }

    // A hang would be a failure too: a hundred times as long as it takes is enough on any machine.
    @Test(.timeLimit(.minutes(2 + count / 1000)))
    func `no mutated stream is read otherwise than the rules say`() async throws {
        var table = FuzzTable()
        let starts = stride(from: Self.first, to: Self.first + Self.count, by: Self.batch)
        try await withThrowingTaskGroup(of: FuzzTable.self) { group in
            for (index, start) in starts.enumerated() {
                if index >= ProcessInfo.processInfo.activeProcessorCount, let part = try await group.next() {
                    table.merge(part)
                }
                group.addTask { try Self.table(from: start, count: min(Self.batch, Self.first + Self.count - start)) }
            }
            for try await part in group { table.merge(part) }
        }
        print(table.text(seed: Self.seed))
        #expect(table.caseCount == Self.count)
        for failure in table.differentFailures.prefix(40) { Issue.record("\(failure)") }
        #expect(table.failures.count == 0)
    }

    /// Generates and decodes some cases.
    private static func table(from first: Int, count: Int) throws -> FuzzTable {
        var table = FuzzTable()
        for (index, example) in try cases(from: first, count: count).enumerated() {
            let fault = try example.disagreement()
            table.add(example, failure: try fault.map { try report(example, number: first + index, $0) })
        }
        return table
    }

    /// Writes the body of a failed case to a file, and says how to run the case again.
    private static func report(_ example: FuzzCase, number: Int, _ fault: String) throws -> Comment {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("ttft-fuzz")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        let file = folder.appendingPathComponent("\(seed)-\(number).body")
        try Data(example.capture.body).write(to: file)
        return """
            \(example.api), \(example.mutation): \(fault)
              body: \(file.path), \(example.capture.body.count) bytes in reads that end at \(example.cuts.prefix(9))
              show: python3 Tests/Reference/fuzz --seed \(seed) --only \(number)
              replay: TTFT_FUZZ_SEED=\(seed) TTFT_FUZZ_FIRST=\(number) TTFT_FUZZ_COUNT=1 swift test --filter FuzzTests
            """
    }

    /// Runs the generator, which fails where its judge does not agree with its mutations.
    private static func cases(from first: Int, count: Int) throws -> [FuzzCase] {
        let file = FileManager.default.temporaryDirectory.appendingPathComponent("fuzz-\(UUID().uuidString).bin")
        defer { try? FileManager.default.removeItem(at: file) }
        let process = Process()
        let python = environment["TTFT_PYTHON"]
        process.executableURL = URL(fileURLWithPath: python ?? "/usr/bin/env")
        process.arguments =
            (python == nil ? ["python3"] : [])
            + [generator, "--seed", "\(seed)", "--first", "\(first)", "--count", "\(count)", "--output", file.path]
        let errors = Pipe()
        process.standardError = errors
        try process.run()
        let said = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(String(decoding: said, as: UTF8.self))")
        var cases = try FuzzFile(contentsOf: file)
        return try cases.cases()
    }
}
