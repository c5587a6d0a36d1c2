import FoundationEssentials

/// A tiktoken rank file by which answers are counted.
package struct TokenizerFile: Sendable, Equatable {
    /// As the scenario names it.
    package var name: String
    package var path: String
    /// The pattern that cuts text into pieces, by tiktoken's name of its encoding; nil is that of the file's size.
    package var pattern: String?

    package static let patterns = ["cl100k_base", "o200k_base"]
}

/// Reads `tokenizer`: a rank file, or one with the name of its pattern.
enum TokenizerReader {
    static func file(_ cursor: YAMLCursor?) -> TokenizerFile? {
        guard let cursor else { return nil }
        if case .scalar = cursor.node.content { return cursor.text().flatMap { file(named: $0, cursor) } }
        guard
            let mapping = cursor.mapping(["file", "pattern"], example: "{file: o200k.tiktoken, pattern: o200k_base}"),
            let entry = mapping.required("file", example: "file: o200k_base.tiktoken"), let name = entry.text(),
            var file = file(named: name, entry)
        else { return nil }
        file.pattern = mapping["pattern"]?.choice(TokenizerFile.patterns)
        return file
    }

    private static func file(named name: String, _ cursor: YAMLCursor) -> TokenizerFile? {
        let path = cursor.context.path(name)
        var isFolder = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder), !isFolder,
            FileManager.default.isReadableFile(atPath: path)
        else {
            cursor.report(
                "\(cursor.path): '\(name)' \(isFolder ? "is a folder, not a rank file" : "cannot be read"); paths count from "
                    + "the scenario's folder")
            return nil
        }
        return TokenizerFile(name: name, path: path)
    }
}
