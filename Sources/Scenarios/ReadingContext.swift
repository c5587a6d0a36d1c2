/// What the readers of a scenario's sections share: the surroundings, and the problems found so far.
final class ReadingContext {
    let environment: [String: String]
    let vocabulary: ScenarioVocabulary
    /// The absolute path of the folder that file names count from.
    let folder: String
    private(set) var problems: [ScenarioProblem] = []
    /// While true, unset variables are no problem: what they belong to is not going to be used.
    var toleratesUnsetVariables = false

    init(environment: [String: String], vocabulary: ScenarioVocabulary, folder: String) {
        self.environment = environment
        self.vocabulary = vocabulary
        self.folder = folder
    }

    func report(_ place: SourcePlace, _ message: String) {
        let problem = ScenarioProblem(place, message)
        if !problems.contains(problem) { problems.append(problem) }
    }

    /// Throws what was found, in the order of the file.
    func throwProblems() throws(ScenarioError) {
        guard !problems.isEmpty else { return }
        let ordered = problems.enumerated().sorted {
            let (first, second) = ($0.element.place.readingOrder, $1.element.place.readingOrder)
            return first == second ? $0.offset < $1.offset : first < second
        }
        throw .invalid(ordered.map(\.element))
    }

    /// The absolute path of a file that a scenario names: relative to its folder, `~/` for the home folder.
    func path(_ name: String) -> String {
        if name.hasPrefix("~/"), let home = environment["HOME"] { return home + name.dropFirst(1) }
        if name.hasPrefix("/") { return name }
        return folder == "/" ? "/\(name)" : "\(folder)/\(name)"
    }
}
