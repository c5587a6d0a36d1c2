extension Substring {
    /// The cells of a line of CSV without line ends inside its cells, quotes removed.
    var csvCells: [String] {
        var cells = [""]
        var isQuoted = false
        var followsQuote = false
        for character in self {
            switch character {
            case "\"":
                // Two of them within quotes are one.
                if followsQuote { cells[cells.count - 1].append(character) }
                followsQuote = isQuoted
                isQuoted.toggle()
                continue
            case "," where !isQuoted: cells.append("")
            default: cells[cells.count - 1].append(character)
            }
            followsQuote = false
        }
        return cells
    }
}
