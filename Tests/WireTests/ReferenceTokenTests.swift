import Foundation
import Testing

@testable import Wire

/// The tokenizer held against Python's `tiktoken`, with the rank files of the package `bpe-openai`.
@Suite struct ReferenceTokenTests {
    private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
        .deletingLastPathComponent().appendingPathComponent("Reference/reference_tokens.py").path

    @Test func `a megabyte of prose, code, JSON and emoji has the tokens that tiktoken finds`() throws {
        let folder = FileManager.default.temporaryDirectory.appendingPathComponent("tokens-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Self.makeReference(in: folder)
        let texts = try Data(contentsOf: folder.appendingPathComponent("texts.bin"))
            .split(separator: 0, omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
        try #require(texts.count > 5000)
        #expect(texts[0].utf8.count > 1_000_000)
        for pattern in SplitPattern.allCases {
            let name = "\(pattern.rawValue).tiktoken"
            let ranks = try TokenRanks(
                file: Array(Data(contentsOf: folder.appendingPathComponent(name))), name: name)
            #expect(SplitPattern(vocabularySize: ranks.count) == pattern)
            let tokenizer = BytePairTokenizer(ranks: ranks, pattern: pattern)
            let expected = try String(
                contentsOf: folder.appendingPathComponent("\(pattern.rawValue).tokens"), encoding: .utf8
            ).split(separator: "\n", omittingEmptySubsequences: false)
            for (text, line) in zip(texts, expected) {
                let tokens = line.split(separator: " ").compactMap { UInt32($0) }
                #expect(tokenizer.encode(text) == tokens, "\(pattern.rawValue): \(text.prefix(60).debugDescription)")
                #expect(tokenizer.count(text) == tokens.count)
            }
        }
    }

    private static func makeReference(in folder: URL) throws {
        let python = ProcessInfo.processInfo.environment["TTFT_PYTHON"]
        let process = Process()
        process.executableURL = URL(fileURLWithPath: python ?? "/usr/bin/env")
        process.arguments = (python == nil ? ["python3"] : []) + [script, folder.path]
        let errors = Pipe()
        process.standardError = errors
        try process.run()
        let said = errors.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        try #require(process.terminationStatus == 0, "\(String(decoding: said, as: UTF8.self))")
    }
}
