import FoundationEssentials
import Timeline

/// Reads a file of prompts: one JSON object a line, either `{"prompt": …}` or `{"messages": […]}`.
///
/// Other members are left unread, so that data sets can be used as they are; empty lines are skipped.
struct PromptFile {
    private static let reportedLineLimit = 20
    private static let roles = ["system", "user", "assistant"]

    /// As the scenario names it, for messages.
    let name: String
    let path: String
    let context: ReadingContext

    /// Reads the prompts; every bad line is a problem.
    func read(idPrefix: String, from cursor: YAMLCursor) -> [Prompt] {
        guard let data = FileManager.default.contents(atPath: path) else {
            cursor.report("\(cursor.path): '\(name)' cannot be read; paths count from the scenario's folder")
            return []
        }
        var prompts: [Prompt] = []
        var badLines = 0
        for (position, line) in data.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false).enumerated()
        where !line.allSatisfy({ $0 == 0x20 || $0 == 0x09 || $0 == 0x0d }) {
            do {
                prompts.append(
                    Prompt(id: "\(idPrefix)-\(position + 1)", messages: try Self.messages(in: Array(line))))
            } catch {
                badLines += 1
                guard badLines <= Self.reportedLineLimit else { continue }
                context.report(.line(file: name, line: position + 1), error.message)
            }
        }
        if badLines > Self.reportedLineLimit {
            context.report(.file(name), "\(badLines - Self.reportedLineLimit) more lines are wrong")
        }
        if prompts.isEmpty, badLines == 0 { cursor.report("\(cursor.path): '\(name)' holds no prompts") }
        return prompts
    }

    private struct BadLine: Error {
        var message: String
    }

    private static func messages(in line: [UInt8]) throws(BadLine) -> [Prompt.Message] {
        let value: JSONValue
        do {
            value = try JSONValue(parsing: line)
        } catch {
            throw BadLine(message: "not JSON: \(error)")
        }
        if let prompt = value["prompt"] {
            guard let text = prompt.stringValue, !text.isEmpty else {
                throw BadLine(message: "'prompt' must be a string that is not empty")
            }
            return [Prompt.Message(role: "user", content: text)]
        }
        guard let entries = value["messages"]?.arrayValue, !entries.isEmpty else {
            throw BadLine(message: #"expected {"prompt": "…"} or {"messages": [{"role": …, "content": …}]}"#)
        }
        var messages: [Prompt.Message] = []
        for entry in entries {
            guard let role = entry["role"]?.stringValue, roles.contains(role) else {
                throw BadLine(message: "each message needs a 'role'; allowed: \(roles.joined(separator: ", "))")
            }
            guard let content = entry["content"]?.stringValue else {
                throw BadLine(message: "each message needs a 'content' that is a string")
            }
            messages.append(Prompt.Message(role: role, content: content))
        }
        return messages
    }
}
