extension PrintableText {
    /// Shortens names to a width by an ellipsis in their middle, so that names which differ still do.
    ///
    /// Names of models and runs differ at their ends more often than at their starts. Where no place of the ellipsis
    /// tells all apart, those that are alike get a number.
    package static func shortened(_ names: [String], to limit: Int, ellipsis: String) -> [String] {
        guard names.contains(where: { width($0) > limit }) else { return names }
        let room = max(0, limit - width(ellipsis))
        let distinct = Set(names).count
        for tail in Array(room / 2...room) + (0..<room / 2).reversed() {
            let cut = names.map { cutMiddle($0, to: limit, tail: tail, ellipsis: ellipsis) }
            if Set(cut).count == distinct { return cut }
        }
        return numbered(names, to: limit, ellipsis: ellipsis)
    }

    /// Cuts a longer text in its middle, so that its end has a width.
    private static func cutMiddle(_ text: String, to limit: Int, tail: Int, ellipsis: String) -> String {
        guard width(text) > limit else { return text }
        let head = prefix(of: text, to: limit - width(ellipsis) - tail)
        return head + ellipsis + String(prefix(of: String(text.reversed()), to: tail).reversed())
    }

    private static func prefix(of text: String, to limit: Int) -> String {
        var room = limit
        return String(
            text.prefix { character in
                room -= width(String(character))
                return room >= 0
            })
    }

    private static func numbered(_ names: [String], to limit: Int, ellipsis: String) -> [String] {
        var numbers: [String: Int] = [:]
        return names.map { name in
            let number = numbers[name] ?? numbers.count + 1
            numbers[name] = number
            let mark = "#\(number)"
            return cut(name, to: max(0, limit - width(mark)), ellipsis: ellipsis) + mark
        }
    }
}
