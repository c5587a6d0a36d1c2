import Foundation

/// A Markdown document of the project.
struct Document {
    let text: String

    init(_ path: String) throws {
        text = try String(contentsOf: Tool.root.appendingPathComponent(path), encoding: .utf8)
    }

    /// The lines of each fenced block whose fence names the language; an empty name is a bare fence.
    func blocks(_ language: String) -> [[String]] {
        var blocks: [[String]] = []
        var isInside = false
        var isWanted = false
        for line in text.components(separatedBy: "\n") {
            if line.hasPrefix("```") {
                isWanted = !isInside && line == "```\(language)"
                isInside.toggle()
                if isWanted { blocks.append([]) }
            } else if isWanted {
                blocks[blocks.count - 1].append(line)
            }
        }
        return blocks
    }

    /// The commands of the tool in shell blocks and in running text, each as its words after `ttft`.
    var commands: [[String]] {
        let inline = text.components(separatedBy: "`").enumerated().filter { $0.offset % 2 == 1 }.map(\.element)
        let lines = blocks("sh").flatMap { $0 } + inline
        return lines.map { $0.split(separator: " ").map(String.init) }.filter { $0.first == "ttft" && $0.count > 1 }
            .map { Array($0.dropFirst()) }
    }
}
