import Foundation
import Scenarios
import Testing
import Timeline

struct PromptTests {
    /// Reads prompts with a file `p.jsonl` beside the scenario.
    private func prompts(_ file: String) throws -> [Prompt] {
        let folder = FileManager.default.temporaryDirectory.appending(path: "scenarios-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        try Data(file.utf8).write(to: folder.appending(path: "p.jsonl"))
        try Data(around("prompts: [{text: first}, {file: p.jsonl}]").utf8).write(to: folder.appending(path: "s.yaml"))
        return try Scenario(
            contentsOf: folder.appending(path: "s.yaml").path, environment: [:], vocabulary: vocabulary
        ).prompts
    }

    @Test func `a file gives a prompt a line`() throws {
        let file = """
            {"prompt": "one", "category": "ignored"}

            {"messages": [{"role": "system", "content": "be brief"}, {"role": "user", "content": "two"}]}\r
            """
        #expect(
            try prompts(file) == [
                Prompt(id: "text-1", text: "first"), Prompt(id: "file-2-1", text: "one"),
                Prompt(
                    id: "file-2-3",
                    messages: [
                        Prompt.Message(role: "system", content: "be brief"),
                        Prompt.Message(role: "user", content: "two"),
                    ]),
            ])
    }

    @Test func `every bad line is named`() {
        let file = """
            {"prompt": "fine"}
            {"prompt": 5}
            {"prompt"
            {"text": "x"}
            {"messages": [{"role": "robot", "content": "x"}]}
            {"messages": [{"role": "user", "content": null}]}
            """
        let expected = [
            "p.jsonl:2: 'prompt' must be a string that is not empty",
            "p.jsonl:3: not JSON: byte 9: expected ':'",
            "p.jsonl:4: expected {\"prompt\": \"…\"} or {\"messages\": [{\"role\": …, \"content\": …}]}",
            "p.jsonl:5: each message needs a 'role'; allowed: system, user, assistant",
            "p.jsonl:6: each message needs a 'content' that is a string",
        ]
        let error = #expect(throws: ScenarioError.self) { _ = try prompts(file) }
        #expect(error?.problems.map(\.description) == expected)
    }

    @Test func `a missing file, an empty one and a wrong source are refused`() {
        #expect(
            problems(around("prompts: [{file: none.jsonl}]")) == [
                "s.yaml:1:18: prompts.0.file: 'none.jsonl' cannot be read; paths count from the scenario's folder"
            ])
        #expect(
            problems(around("prompts: [{txt: a}]")) == [
                "s.yaml:1:11: 'text' or 'file' or 'synthetic' is missing in prompts.0; write for example text: Hello",
                "s.yaml:1:12: unknown key 'txt' in prompts.0; did you mean 'text'? (allowed: text, file, synthetic)",
            ])
        #expect(
            problems(around("prompts: [{synthetic: {words: 10000, count: 10000}}]")) == [
                "s.yaml:1:23: prompts.0.synthetic: words times count must be at most 10000000; found 100000000"
            ])
        let error = #expect(throws: ScenarioError.self) { _ = try prompts("\n\n") }
        #expect(error?.problems.first?.message == "prompts.1.file: 'p.jsonl' holds no prompts")
    }

    @Test func `synthetic prompts have the words asked for and no beginning in common`() throws {
        let prompts = try read(around("prompts: [{synthetic: {words: 30, count: 5000}}]")).prompts
        let texts = prompts.map(\.messages[0].content)
        #expect(texts.allSatisfy { $0.split(separator: " ").count == 30 })
        #expect(Set(texts.map { $0.prefix { $0 != " " } }).count == 5000)
        #expect(Set(prompts.map(\.id)).count == 5000)
    }

    @Test func `prompts of two synthetic sources begin differently too`() throws {
        let synthetic = "{synthetic: {words: 3, count: 50}}"
        let prompts = try read(around("prompts: [\(synthetic), \(synthetic)]")).prompts
        #expect(Set(prompts.map { $0.messages[0].content.prefix { $0 != " " } }).count == 100)
    }

    @Test func `synthetic prompts depend on the seed, and not on how many there are`() throws {
        let texts = { (count: Int, seed: Int) in
            try read(around("seed: \(seed)\nprompts: [{synthetic: {words: 9, count: \(count)}}]")).prompts
        }
        let (short, long, other) = (try texts(20, 1), try texts(50, 1), try texts(20, 2))
        #expect(short == Array(long.prefix(20)))
        #expect(short != other)
    }
}
