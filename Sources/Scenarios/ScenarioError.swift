/// Why there is no scenario: every problem that was found, each with its place.
package enum ScenarioError: Error, Equatable {
    /// There is no file at this path.
    case fileNotFound(String)
    /// The scenario or its environment is wrong; never empty, in the order of the file.
    case invalid([ScenarioProblem])

    package var problems: [ScenarioProblem] {
        switch self {
        case .fileNotFound(let path):
            [
                ScenarioProblem(
                    .file(path), "no such file; give the path of a scenario, such as Scenarios/quickstart.yaml")
            ]
        case .invalid(let problems): problems
        }
    }

    /// The exit status that sysexits.h has for it: 66 for a file that is missing, 78 for a wrong configuration.
    package var exitStatus: Int32 {
        switch self {
        case .fileNotFound: 66
        case .invalid: 78
        }
    }
}

extension ScenarioError: CustomStringConvertible {
    /// One line per problem.
    package var description: String { problems.map(\.description).joined(separator: "\n") }
}

/// One mistake: where, what was found, what is allowed and what to do.
package struct ScenarioProblem: Sendable, Equatable, CustomStringConvertible {
    package var place: SourcePlace
    package var message: String

    package init(_ place: SourcePlace, _ message: String) {
        self.place = place
        self.message = message
    }

    package var description: String { "\(place): \(message)" }
}

/// Where something was written.
package enum SourcePlace: Sendable, Equatable, CustomStringConvertible {
    /// Line and column count from 1.
    case mark(file: String, line: Int, column: Int)
    case line(file: String, line: Int)
    case file(String)
    /// The key of a `--set`; the value is left out, since it may be a secret.
    case override(String)
    /// An argument of the command line, such as `--model`.
    case argument(String)

    package var description: String {
        switch self {
        case .mark(let file, let line, let column): "\(file):\(line):\(column)"
        case .line(let file, let line): "\(file):\(line)"
        case .file(let file): file
        case .override(let key): "--set \(key)"
        case .argument(let name): name
        }
    }

    /// Orders problems as a reader meets them: those with a mark by line and column, then the others.
    var readingOrder: (Int, Int) {
        switch self {
        case .mark(_, let line, let column): (line, column)
        case .line(_, let line): (.max - 1, line)
        case .file, .override, .argument: (.max, 0)
        }
    }
}
