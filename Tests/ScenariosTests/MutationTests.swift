import Foundation
import Scenarios
import Testing
import Timeline

struct MutationTests {
    /// A text with a few seeded changes: bytes changed, lines dropped, doubled and swapped, pieces of syntax put in.
    private func mutate(_ text: String, _ generator: inout SeededGenerator) -> String {
        let pieces = [
            "{", "}", "[", "]", ":", "- ", "\n", "&a ", "*a", "!!", "|", ">", "'", "\"", "${", "$${", "\t", "0", "-",
            "é", "\u{0}", "<<: ",
        ]
        var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        for _ in 0..<Int.random(in: 1...4, using: &generator) {
            let line = Int.random(in: 0..<lines.count, using: &generator)
            var characters = Array(lines[line])
            let position = Int.random(in: 0...characters.count, using: &generator)
            switch Int.random(in: 0..<6, using: &generator) {
            case 0: lines[line] = ""
            case 1: lines.insert(lines[line], at: line)
            case 2: lines.swapAt(line, Int.random(in: 0..<lines.count, using: &generator))
            case 3: lines[line] = String(characters.prefix(position))
            case 4 where position < characters.count:
                characters[position] = Character(Unicode.Scalar(UInt8.random(in: 9...126, using: &generator)))
                lines[line] = String(characters)
            default:
                characters.insert(contentsOf: pieces.randomElement(using: &generator) ?? "", at: position)
                lines[line] = String(characters)
            }
        }
        return lines.joined(separator: "\n")
    }

    @Test func `no mutation of a scenario brings the reader down, and what it accepts it can write`() throws {
        var generator = SeededGenerator(seed: 2026)
        let texts = try ExampleFilesTests.files.sorted().map {
            try String(contentsOfFile: "\(ExampleFilesTests.folder)/\($0)", encoding: .utf8)
                .replacing("words: 200, count: 200", with: "words: 2, count: 2")
        }
        var accepted = 0
        for round in 0..<2000 {
            let text = mutate(texts[round % texts.count], &generator)
            let file = "\(ExampleFilesTests.folder)/mutated.yaml"
            do {
                let scenario = try Scenario(
                    text: text, file: file, environment: ExampleFilesTests.keys, vocabulary: vocabulary)
                let again = try Scenario(
                    text: scenario.yaml, file: file, environment: ExampleFilesTests.keys, vocabulary: vocabulary)
                #expect(again.hash == scenario.hash)
                accepted += 1
            } catch {
                #expect(!error.problems.isEmpty)
            }
        }
        #expect(accepted > 100 && accepted < 1900)
    }

    @Test func `deep nesting and multiplying aliases are refused`() {
        #expect(!problems(String(repeating: "[", count: 50_000)).isEmpty)
        #expect(!problems("name: " + String(repeating: "{a: ", count: 5_000)).isEmpty)
        var bomb = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1...9 {
            bomb += "a\(level): &a\(level) [\(Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", "))]\n"
        }
        #expect(problems(bomb).contains { $0.hasSuffix("the aliases make the scenario too large") })
    }
}
