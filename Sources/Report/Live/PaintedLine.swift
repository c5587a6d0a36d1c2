/// Lines that have their colours already.
enum PaintedLine {
    /// Cuts a line to a width; the sequences that paint take no room, and nothing stays painted behind the cut.
    static func cut(_ line: String, to limit: Int) -> String {
        var output = ""
        var room = limit
        var isPainted = false
        var rest = Substring(line)
        while let first = rest.first {
            if first == "\u{1b}", let end = rest.firstIndex(of: "m") {
                output += rest[...end]
                isPainted = rest[..<end] != "\u{1b}[0"
                rest = rest[rest.index(after: end)...]
                continue
            }
            room -= PrintableText.width(String(first))
            if room < 0 { return output + (isPainted ? "\u{1b}[0m" : "") }
            output.append(first)
            rest.removeFirst()
        }
        return output
    }
}
