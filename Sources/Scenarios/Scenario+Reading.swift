import FoundationEssentials

extension Scenario {
    /// Reads a scenario file; every mistake in it and in its environment is found before anything is sent.
    ///
    /// Overrides are `key=value` texts as `--set` takes them, and later ones win. `onlyTargets` names the targets to
    /// keep; empty keeps all.
    package init(
        contentsOf path: String, overrides: [String] = [], environment: [String: String],
        vocabulary: ScenarioVocabulary, unconfiguredTargets: UnconfiguredTargets = .refuse, onlyTargets: [String] = []
    ) throws(ScenarioError) {
        var isDirectory = false
        guard FileManager.default.fileExists(atPath: path, isDirectory: &isDirectory) else {
            throw .fileNotFound(path)
        }
        guard !isDirectory, let data = FileManager.default.contents(atPath: path) else {
            throw .invalid([
                ScenarioProblem(.file(path), "cannot be read as a file; check its kind and its permissions")
            ])
        }
        guard let text = String(validating: data, as: UTF8.self) else {
            throw .invalid([ScenarioProblem(.file(path), "is not UTF-8; save it as UTF-8")])
        }
        try self.init(
            text: text, file: path, overrides: overrides, environment: environment, vocabulary: vocabulary,
            unconfiguredTargets: unconfiguredTargets, onlyTargets: onlyTargets)
    }

    /// Reads a scenario's text; `file` names it in messages, and the files that it names count from that file's folder.
    package init(
        text: String, file: String, overrides: [String] = [], environment: [String: String],
        vocabulary: ScenarioVocabulary, unconfiguredTargets: UnconfiguredTargets = .refuse, onlyTargets: [String] = []
    ) throws(ScenarioError) {
        let context = ReadingContext(
            environment: environment, vocabulary: vocabulary, folder: Self.folder(of: file))
        var root = try YAMLNode(text: text, file: file)
        for override in overrides { Override(override, context: context)?.apply(to: &root) }
        let reader = ScenarioReader(
            root: YAMLCursor(root: root, context: context), unconfiguredTargets: unconfiguredTargets,
            onlyTargets: onlyTargets)
        self = try reader.read(named: Self.baseName(of: file))
        sourceText = text
        fileName = file
        self.overrides = overrides
    }

    /// The absolute path of the folder that a file is in.
    static func folder(of file: String) -> String {
        let here = FileManager.default.currentDirectoryPath
        let absolute = file.hasPrefix("/") ? file : here == "/" ? "/\(file)" : "\(here)/\(file)"
        let folder = absolute[..<(absolute.lastIndex(of: "/") ?? absolute.startIndex)]
        return folder.isEmpty ? "/" : String(folder)
    }

    private static func baseName(of file: String) -> String {
        let last = file.split(separator: "/").last ?? "scenario"
        for ending in [".yaml", ".yml"] where last.hasSuffix(ending) && last.count > ending.count {
            return String(last.dropLast(ending.count))
        }
        return String(last)
    }
}
