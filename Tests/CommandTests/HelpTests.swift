import Foundation
import Testing

/// What the tool says of itself: every verb explains itself, and every command that it recommends can be typed.
@Suite struct HelpTests {
    static let verbs = [
        ["run"], ["compare"], ["ab"], ["check"], ["baseline", "add"], ["report"], ["export"], ["import"], ["runs"],
        ["runs", "list"], ["runs", "tag"], ["runs", "untag"], ["runs", "delete"], ["probe"], ["show"], ["decode"],
        ["explain"], ["serve"], ["simulate"], ["doctor"], ["calibrate"],
    ]

    @Test func `every verb has help, and the list of verbs is complete`() throws {
        let root = try Tool.run("--help")
        #expect(root.status == 0)
        for verb in Self.verbs {
            let result = try Tool.run(executable: Tool.path, verb + ["--help"])
            #expect(result.status == 0 && result.errors.isEmpty)
            #expect(result.output.contains("OVERVIEW: ") && result.output.contains("USAGE: ttft \(verb[0])"))
            for option in Self.options(in: result.output) {
                #expect(option.contains("  "), "an option of \(verb) says nothing: \(option)")
            }
        }
        let listed = root.output.split(separator: "\n").filter { $0.hasPrefix("  ") && !$0.hasPrefix("   ") }
            .compactMap { $0.split(separator: " ").first.map(String.init) }
            .filter { !["ttft", "help", "See"].contains($0) && !$0.hasPrefix("-") }
        #expect(Set(listed) == Set(Self.verbs.map { $0[0] }))
    }

    /// The lines that begin an option or argument; a long name has its explanation in the next line.
    private static func options(in help: String) -> [String] {
        let lines = help.split(separator: "\n", omittingEmptySubsequences: false).map(String.init)
        return lines.indices.filter { lines[$0].hasPrefix("  -") }.map { index in
            let next = lines.indices.contains(index + 1) ? lines[index + 1] : ""
            return lines[index].dropFirst(2) + (next.hasPrefix("     ") ? next : "")
        }
    }

    @Test func `a verb that does not exist is refused`() throws {
        let result = try Tool.run("measure")
        #expect(result.status == 64 && result.output.isEmpty && result.errors.contains("measure"))
    }

    @Test func `the version is one line`() throws {
        let result = try Tool.run("--version")
        #expect(result.status == 0 && result.output.split(separator: "\n").count == 1)
    }

    @Test func `every command that a text recommends parses`() throws {
        let folder = try TemporaryFolder()
        let texts = try recommendingTexts(in: folder)
        var commands: Set<String> = []
        for text in texts { commands.formUnion(Self.commands(in: text)) }
        // Help examples, next steps, remedies and the scenarios' first lines.
        for verb in ["run", "export", "show", "check"] {
            #expect(commands.contains { $0.hasPrefix(verb) }, "nothing recommends \(verb)")
        }
        #expect(commands.count >= 15, "\(commands)")
        let empty = try TemporaryFolder()
        for command in commands {
            let result = try Tool.run(executable: Tool.path, Self.arguments(of: command), in: empty.url)
            // In an empty folder a command that parses finds no file or no server; one that does not exits with 64.
            #expect(result.status != 64, "\(command): \(result.errors)")
        }
    }

    /// Everything that the tool prints to tell people what to type.
    private func recommendingTexts(in folder: TemporaryFolder) throws -> [String] {
        let scenario = try folder.write(
            """
            name: small
            targets: [{name: a, simulate: {ttft: 5ms, gap: 1ms, tokens: 5}}, {name: b, simulate: {ttft: 5ms, tokens: 5}}]
            load: {closed: {concurrency: 1}, requests: 3}
            """, to: "small.yaml")
        let database = folder.file("runs.sqlite").path
        var texts = try Self.verbs.map { try Tool.run(executable: Tool.path, $0 + ["--help"]).output }
        texts.append(try Tool.run("--help").output)
        for arguments in [
            ["report", "--db", database], ["run", scenario, "--db", database], ["run", scenario, "--db", database],
            ["report", "--full", "--db", database], ["compare", "latest", "latest~1", "--db", database],
            ["check", "--db", database], ["report", "nobody", "--db", database], ["run", scenario, "--model", "x"],
            ["explain"], ["run", "missing.yaml"], ["runs", "tag", "latest", "!", "--db", database],
        ] {
            let result = try Tool.run(executable: Tool.path, arguments)
            texts += [result.output, result.errors]
        }
        let files = try FileManager.default.contentsOfDirectory(atPath: Tool.root.path + "/Scenarios")
        for file in files where file.hasSuffix(".yaml") {
            texts.append(try String(contentsOfFile: Tool.root.path + "/Scenarios/" + file, encoding: .utf8))
        }
        return texts
    }

    /// The commands in a text: from `ttft VERB` to the quotation mark, to the next column, or to the end of the line.
    static func commands(in text: String) -> [String] {
        let joined = text.replacing(/\\\n#\s*/, with: "")
        let names = Set(verbs.map { $0[0] } + ["ab", "baseline", "doctor", "import", "serve", "calibrate"])
        return joined.split(whereSeparator: \.isNewline).flatMap { line -> [String] in
            line.ranges(of: "ttft ").compactMap { range in
                let isQuoted = line[..<range.lowerBound].last == "'"
                var command = line[range.upperBound...]
                guard names.contains(String(command.prefix { $0.isLetter })) else { return nil }
                if isQuoted, let end = command.firstIndex(of: "'") { command = command[..<end] }
                for stop in ["   ", " # ", "`"] {
                    if let end = command.ranges(of: stop).first { command = command[..<end.lowerBound] }
                }
                // The usage lines of help have placeholders in brackets.
                return command.contains("[<") || command.contains("<") ? nil : String(command)
            }
        }
    }

    /// Splits a command as a shell does, and sends it nowhere but to a port that nobody listens on.
    private static func arguments(of command: String) -> [String] {
        command.split(whereSeparator: \.isWhitespace).map { word in
            word.hasPrefix("http://127.0.0.1") ? "http://127.0.0.1:1" : String(word)
        }
    }
}
