/// A rank file that cannot be read, with the line at fault.
package struct RankFileError: Error, Equatable, CustomStringConvertible {
    package var file: String
    /// The line, counted from one.
    package var line: Int
    package var problem: String

    package var description: String {
        "\(file):\(line): \(problem); a tiktoken rank file holds one token a line: its bytes in base64, a space, its rank"
    }
}
