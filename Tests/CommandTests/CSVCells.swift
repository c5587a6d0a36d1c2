extension Substring {
    /// The cells of a line of CSV without line ends inside its cells, quotes removed.
    var csvCells: [String] {
        var cells = [""]
        var isQuoted = false
        for character in self {
            switch character {
            case "\"": isQuoted.toggle()
            case "," where !isQuoted: cells.append("")
            default: cells[cells.count - 1].append(character)
            }
        }
        return cells
    }
}
