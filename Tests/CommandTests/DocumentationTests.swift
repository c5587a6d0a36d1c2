import Foundation
import Testing

/// The README and the documents beside the code, held against the tool that they describe.
@Suite("Documentation", .serialized)
struct DocumentationTests {
    private static let documents = [
        "README.md", "Sources/ttft/Documentation.docc/Method.md", "Sources/ttft/Documentation.docc/Database.md",
        "Sources/ttft/Documentation.docc/ContinuousIntegration.md",
    ]

    /// Not valid is allowed where the machine is busy: the warning is printed and the command has done its work.
    private static let worked: Set<Int32> = [0, 6]

    @Test func `every command of the README works, in its order`() throws {
        let simulator = try SimulatorServer("--ttft-ms", "20", "--itl-ms", "1", "--tokens", "20")
        let folder = try TemporaryFolder()
        try FileManager.default.createSymbolicLink(
            at: folder.file("Scenarios"), withDestinationURL: Tool.root.appendingPathComponent("Scenarios"))
        let commands = try Document("README.md").blocks("sh").flatMap { $0 }.filter { $0.hasPrefix("ttft ") }
        #expect(commands.count >= 10)
        for command in commands {
            let here = command.replacingOccurrences(of: "http://127.0.0.1:8000", with: simulator.url)
            let arguments = here.split(separator: " ").dropFirst().map(String.init)
            let result = try Tool.run(executable: Tool.path, arguments, in: folder.url)
            #expect(Self.worked.contains(result.status), "\(here): \(result.errors)")
        }
        for file in ["mine.yaml", "ttft.sqlite", "results/requests.csv", "results/datapackage.json"] {
            #expect(FileManager.default.fileExists(atPath: folder.file(file).path), "\(file)")
        }
        let again = try Tool.run("run", "mine.yaml", "--dry-run", in: folder.url)
        #expect(again.status == 0, "\(again.errors)")
    }

    @Test func `what the README prints of a run has the lines of a real one`() throws {
        let folder = try TemporaryFolder()
        let blocks = try Document("README.md").blocks("")
        for (scenario, heading) in [("quickstart", "quickstart  closed"), ("six-models", "six-models  closed")] {
            let printed = try #require(blocks.first { $0.contains { $0.contains(heading) } })
            let real = try Tool.run(
                "run", Tool.root.appendingPathComponent("Scenarios/\(scenario).yaml").path, in: folder.url)
            #expect(Self.shape(of: printed) == Self.shape(of: real.output.components(separatedBy: "\n")))
        }
    }

    @Test func `what the README prints of a probe is what a probe prints`() throws {
        let printed = try #require(Document("README.md").blocks("").first { $0.first?.hasPrefix("arrival") == true })
        let real = try Tool.run("probe", "Scenarios/quickstart.yaml", "--max-tokens", "4")
        let words = Self.words(of: printed)
        #expect(words.count >= 12)
        #expect(Self.words(of: real.output.components(separatedBy: "\n")).starts(with: words))
    }

    /// The words of each line from the table's head on, without numbers, identifiers, cut data, and what only some runs have.
    private static func words(of lines: [String]) -> [[String]] {
        lines.drop { !$0.hasPrefix("arrival") }.filter { !$0.hasPrefix("= ") && !$0.isEmpty }.map { line in
            line.split(separator: "←")[0].split(separator: " ").map(String.init).filter { word in
                word.allSatisfy { $0.isLetter || "\"≤,_".contains($0) }
            }
        }
    }

    /// The first word of each line: numbers change from run to run, what stands there does not.
    ///
    /// Warnings are left out, for a busy machine has more of them; their further lines are indented by two.
    private static func shape(of lines: [String]) -> [String] {
        lines.filter { !($0.hasPrefix("  ") && !$0.hasPrefix("   ")) }
            .compactMap { $0.split(separator: " ").first.map(String.init) }.filter { $0 != "!" && $0 != "$" }
    }

    @Test func `the README's wrong file is refused in the words that it prints`() throws {
        let blocks = try Document("README.md").blocks("")
        let printed = try #require(blocks.first { $0.first == "$ ttft run wrong.yaml" })
        let folder = try TemporaryFolder()
        _ = try folder.write(
            """
            targets:
              - name: mine
                api: openai
                base_url: http://127.0.0.1:8000/v1
                model: m
            load:
              closed: {concurency: 4}
              requests: 20
              warmup: 5

            """, to: "wrong.yaml")
        let result = try Tool.run("run", "wrong.yaml", in: folder.url)
        #expect(result.status == 78)
        #expect(result.errors.split(separator: "\n").map(String.init) == Array(printed.dropFirst()))
    }

    @Test(arguments: documents)
    func `every command that a document names has its verb and its flags`(_ path: String) throws {
        for words in try Document(path).commands where !words[0].hasPrefix("-") {
            let help = try Tool.run("help", words[0])
            #expect(help.status == 0, "\(path): ttft \(words.joined(separator: " "))")
            for flag in words.dropFirst() where flag.hasPrefix("--") {
                #expect(help.output.contains(flag), "\(path): ttft \(words.joined(separator: " "))")
            }
        }
    }

    @Test func `the queries of the database's document run, and find what was measured`() throws {
        let folder = try TemporaryFolder()
        let scenario = try folder.write(
            """
            targets: [{simulate: {ttft: 5ms, gap: 1ms, tokens: 5, fault: http-500, fault_every: 2}, name: half}]
            load: {closed: {concurrency: 1}, requests: 4}
            """, to: "half.yaml")
        _ = try Tool.run("run", scenario, "--db", folder.file("runs.sqlite").path)
        let queries = try Document("Sources/ttft/Documentation.docc/Database.md").blocks("sql")
        #expect(queries.count == 3)
        for query in queries {
            let text = query.joined(separator: " ")
            let program =
                "import sqlite3,sys; print(len(sqlite3.connect(sys.argv[1]).execute(sys.argv[2]).fetchall()))"
            let result = try Tool.python("-c", program, folder.file("runs.sqlite").path, text)
            #expect((Int(result.output.trimmingCharacters(in: .newlines)) ?? 0) > 0, "\(text): \(result.errors)")
        }
    }

    @Test func `the floor that the method names is the one that runs store`() throws {
        let method = try Document("Sources/ttft/Documentation.docc/Method.md").text
        let folder = try TemporaryFolder()
        let scenario = try folder.write(
            """
            targets: [{simulate: {ttft: 5ms, gap: 1ms, tokens: 5}, name: short}]
            load: {closed: {concurrency: 1}, requests: 1}
            """, to: "short.yaml")
        _ = try Tool.run("run", scenario, "--db", folder.file("runs.sqlite").path)
        _ = try Tool.run("export", "latest", "--db", folder.file("runs.sqlite").path, "-o", folder.file("out").path)
        let runs = try String(contentsOf: folder.file("out/runs.csv"), encoding: .utf8)
        #expect(method.contains("a floor of 5 µs"))
        #expect(runs.contains(",0.005000,"))
    }

    @Test func `every file that the documents link to exists`() throws {
        for path in Self.documents {
            let text = try Document(path).text
            for match in text.matches(of: /\]\(([^)#]+)\)/) {
                let link = String(match.output.1)
                let place = Tool.root.appendingPathComponent(path).deletingLastPathComponent()
                    .appendingPathComponent(link)
                #expect(FileManager.default.fileExists(atPath: place.path), "\(path): \(link)")
            }
        }
    }
}
