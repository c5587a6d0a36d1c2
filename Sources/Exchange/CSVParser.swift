import FoundationEssentials
import Glibc

/// Reads CSV by RFC 4180, with LF or CRLF line ends and with or without a byte order mark.
struct CSVParser {
    /// A row's cells as places in the file, so that a million rows need no million texts.
    struct Row {
        fileprivate var cells: [Cell] = []
        var count: Int { cells.count }
    }

    fileprivate struct Cell {
        var range: Range<Int>
        /// Whether the range holds doubled quotation marks.
        var hasEscapes: Bool
    }

    let path: String
    private let bytes: [UInt8]
    private var position = 0

    /// Reads the whole file, which must be UTF-8.
    init(path: String) throws(ExchangeError) {
        guard access(path, F_OK) == 0 else { throw .fileNotFound(path: path) }
        do { bytes = Array(try Data(contentsOf: URL(fileURLWithPath: path))) } catch {
            throw .failed(path: path, message: "cannot be read: \(error)")
        }
        self.path = path
        if bytes.starts(with: [0xef, 0xbb, 0xbf]) { position = 3 }
        guard !bytes[position...].allSatisfy({ $0 == 0x0a || $0 == 0x0d }) else {
            throw .malformed(
                path: path, line: 1, column: 1, name: nil, problem: "the file is empty; expected a header line")
        }
        guard String(validating: bytes, as: UTF8.self) != nil else {
            throw problem("found a byte that is not UTF-8; save the file as UTF-8", at: Self.firstInvalidByte(bytes))
        }
    }

    /// Reads the next row; false means that there is none.
    ///
    /// Empty lines are skipped.
    mutating func next(into row: inout Row) throws(ExchangeError) -> Bool {
        row.cells.removeAll(keepingCapacity: true)
        while isLineEnd(position), position < bytes.count { position += 1 }
        guard position < bytes.count else { return false }
        while true {
            row.cells.append(bytes[safe: position] == UInt8(ascii: "\"") ? try quotedCell() : try plainCell())
            guard bytes[safe: position] == UInt8(ascii: ",") else { return true }
            position += 1
        }
    }

    func text(_ row: Row, _ index: Int) -> String {
        let cell = row.cells[index]
        let text = String(decoding: bytes[cell.range], as: UTF8.self)
        guard cell.hasEscapes else { return text }
        var unescaped: [UInt8] = []
        var isSecondQuote = false
        for byte in bytes[cell.range] {
            isSecondQuote = byte == UInt8(ascii: "\"") && !isSecondQuote
            if !isSecondQuote { unescaped.append(byte) }
        }
        return String(decoding: unescaped, as: UTF8.self)
    }

    /// The cell's bytes, with doubled quotation marks as they stand.
    func bytes(_ row: Row, _ index: Int) -> ArraySlice<UInt8> { bytes[row.cells[index].range] }

    /// An error about a cell; an index behind the last cell means the end of the row.
    func problem(_ problem: String, in row: Row, _ index: Int, name: String?) -> ExchangeError {
        let offset = index < row.count ? row.cells[index].range.lowerBound : (row.cells.last?.range.upperBound ?? 0)
        return self.problem(problem, at: offset, name: name)
    }

    private func problem(_ problem: String, at offset: Int, name: String? = nil) -> ExchangeError {
        let before = bytes[..<offset]
        let line = before.count { $0 == 0x0a } + 1
        let lineStart = before.lastIndex(of: 0x0a).map { $0 + 1 } ?? 0
        let column = String(decoding: before[lineStart...], as: UTF8.self).count + 1
        return .malformed(path: path, line: line, column: column, name: name, problem: problem)
    }

    private mutating func plainCell() throws(ExchangeError) -> Cell {
        let start = position
        while position < bytes.count, bytes[position] != UInt8(ascii: ","), !isLineEnd(position) {
            if bytes[position] == UInt8(ascii: "\"") {
                throw problem(
                    "found '\"' inside a cell without quotation marks; quote the cell and double it", at: position)
            }
            position += 1
        }
        return Cell(range: start..<position, hasEscapes: false)
    }

    private mutating func quotedCell() throws(ExchangeError) -> Cell {
        let opening = position
        var hasEscapes = false
        position += 1
        while true {
            guard position < bytes.count else {
                throw problem("the quotation mark that opens here is never closed", at: opening)
            }
            if bytes[position] == UInt8(ascii: "\"") {
                guard bytes[safe: position + 1] == UInt8(ascii: "\"") else { break }
                hasEscapes = true
                position += 1
            }
            position += 1
        }
        let cell = Cell(range: opening + 1..<position, hasEscapes: hasEscapes)
        position += 1
        guard position == bytes.count || bytes[position] == UInt8(ascii: ",") || isLineEnd(position) else {
            throw problem(
                "found text after a closing quotation mark; expected ',' or the end of the line", at: position)
        }
        return cell
    }

    private func isLineEnd(_ position: Int) -> Bool {
        guard let byte = bytes[safe: position] else { return true }
        return byte == 0x0a || byte == 0x0d && (bytes[safe: position + 1] == 0x0a || position + 1 == bytes.count)
    }

    private static func firstInvalidByte(_ bytes: [UInt8]) -> Int {
        var low = 0
        for line in bytes.split(separator: 0x0a, omittingEmptySubsequences: false) {
            if String(validating: line, as: UTF8.self) == nil {
                // The longest valid beginning ends where the first bad character starts.
                var length = 0
                var iterator = Unicode.UTF8.ForwardParser()
                var rest = line.makeIterator()
                while case .valid(let scalar) = iterator.parseScalar(from: &rest) { length += scalar.count }
                return low + length
            }
            low += line.count + 1
        }
        return low
    }
}

extension Array {
    fileprivate subscript(safe index: Int) -> Element? { index < count ? self[index] : nil }
}
