import Glibc

/// How long the gaps of a target's streams are, by their place in the stream: counts on a grid.
package struct GapMap: Sendable, Equatable {
    package struct Cell: Sendable, Equatable {
        /// The column, from 0: gaps `column * columnWidth + 1` and on, counted within their stream.
        package var column: Int
        /// The row: lengths from `10^(row / rowsPerDecade)` ms up to that of the next row.
        package var row: Int
        package var count: Int

        package init(column: Int, row: Int, count: Int) {
            self.column = column
            self.row = row
            self.count = count
        }
    }

    package static let rowsPerDecade = 8
    /// Shorter gaps count as this long, in milliseconds: instants are not known more finely.
    static let floor = 0.005
    static let columnLimit = 60

    /// How many neighbouring gaps share a column.
    package var columnWidth: Int
    /// The cells that are not empty, by column, then by row.
    package var cells: [Cell]
    /// The gaps of the longest stream.
    package var gapCount: Int

    package init(columnWidth: Int, cells: [Cell], gapCount: Int) {
        self.columnWidth = columnWidth
        self.cells = cells
        self.gapCount = gapCount
    }

    /// Counts the gaps between reads of a target's complete streams.
    init(_ sample: TargetSample) {
        let gaps = sample.complete.map { $0.gaps.map(\.length) }
        let longest = gaps.map(\.count).max() ?? 0
        gapCount = longest
        columnWidth = max(1, (longest + Self.columnLimit - 1) / Self.columnLimit)
        struct Place: Hashable {
            var column: Int
            var row: Int
        }
        var counts: [Place: Int] = [:]
        for stream in gaps {
            for (index, length) in stream.enumerated() {
                counts[Place(column: index / columnWidth, row: Self.row(of: length)), default: 0] += 1
            }
        }
        cells = counts.map { Cell(column: $0.key.column, row: $0.key.row, count: $0.value) }.sorted {
            ($0.column, $0.row) < ($1.column, $1.row)
        }
    }

    /// The shortest length that belongs to a row, in milliseconds.
    package static func length(ofRow row: Int) -> Double { pow(10, Double(row) / Double(rowsPerDecade)) }

    static func row(of length: Double) -> Int {
        Int((log10(max(length, floor)) * Double(rowsPerDecade)).rounded(.down))
    }
}
