/// Why a file could not be read or written.
package enum ExchangeError: Error, Equatable, CustomStringConvertible {
    case fileNotFound(path: String)
    /// A file with wrong content; line and column count from 1, the column in characters.
    case malformed(path: String, line: Int, column: Int, name: String?, problem: String)
    /// Files that an export would overwrite.
    case filesExist(paths: [String])
    case failed(path: String, message: String)

    package var description: String {
        switch self {
        case .fileNotFound(let path): return "\(path): no such file"
        case .malformed(let path, let line, let column, let name, let problem):
            let cell = name.map { " (\($0))" } ?? ""
            return "\(path):\(line):\(column)\(cell): \(problem)"
        case .filesExist(let paths):
            return "\(paths.joined(separator: ", ")): already there; give another directory, or --force to overwrite"
        case .failed(let path, let message): return "\(path): \(message)"
        }
    }
}
