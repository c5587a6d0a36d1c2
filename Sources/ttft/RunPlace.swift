/// Where a run is, by what a person wrote: a name in the database at hand, or `FILE#NAME`, as `ttft run` prints it.
struct RunPlace {
    let name: String
    let database: String

    /// No id and no tag has a `#`; a file may have one, so the last one counts.
    init(_ text: String, database: String) {
        guard let mark = text.lastIndex(of: "#"), mark > text.startIndex else {
            (name, self.database) = (text, database)
            return
        }
        name = String(text[text.index(after: mark)...])
        self.database = String(text[..<mark])
    }
}
