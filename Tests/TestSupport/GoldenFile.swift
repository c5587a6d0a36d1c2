import FoundationEssentials

/// A reviewed text in a test's `Golden` folder, which an output has to equal.
///
/// `UPDATE_GOLDEN=1 swift test` writes what differs, to be reviewed before it is committed.
package struct GoldenFile {
    private let path: String

    /// Names a file beside the test's own source file.
    package init(_ name: String, testFile: String = #filePath) {
        let folder = testFile.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
        path = "\(folder)/Golden/\(name)"
    }

    /// Compares a text with the file: nil where they are equal, else the first line that differs.
    package func difference(to text: String) -> String? {
        let expected = (try? String(contentsOfFile: path, encoding: .utf8)) ?? ""
        guard expected != text else { return nil }
        if ProcessInfo.processInfo.environment["UPDATE_GOLDEN"] == "1" {
            do {
                try text.write(toFile: path, atomically: true, encoding: .utf8)
                return nil
            } catch {
                return "\(path): cannot be written: \(error)"
            }
        }
        let expectedLines = expected.split(separator: "\n", omittingEmptySubsequences: false)
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        let index = zip(expectedLines, lines).enumerated().first { $1.0 != $1.1 }?.offset
        let line = index ?? min(expectedLines.count, lines.count)
        let wanted = line < expectedLines.count ? String(expectedLines[line]) : "the end"
        let found = line < lines.count ? String(lines[line]) : "the end"
        return "\(path):\(line + 1): expected\n\(wanted)\nfound\n\(found)\nUPDATE_GOLDEN=1 writes the new text"
    }
}
