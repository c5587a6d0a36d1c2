import FoundationEssentials
import Glibc

/// The files in which the kernel describes the machine.
struct SystemFiles {
    /// Where `/proc` and `/sys` are; empty for those of this machine.
    var root = ""

    /// A file's text without the white space around it; nil where it cannot be read.
    func text(_ path: String) -> String? {
        guard let text = try? String(contentsOfFile: root + path, encoding: .utf8) else { return nil }
        return String(text.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
    }

    /// The names in a folder, in their order; empty where it cannot be read.
    func names(in folder: String) -> [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: root + folder)) ?? []).sorted()
    }

    /// The values of a line such as `flags : a b c` in a file of such lines.
    func words(of key: String, in path: String) -> [Substring] {
        guard let text = text(path) else { return [] }
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: ":", maxSplits: 1)
            guard parts.count == 2, parts[0].prefix(while: { !$0.isWhitespace }) == key else { continue }
            return parts[1].split(separator: " ")
        }
        return []
    }
}
