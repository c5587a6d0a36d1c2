/// A chart with its heading, what it shows in a sentence, and its numbers.
struct Figure: Sendable {
    var id: String
    var title: String
    /// What to look for, one sentence or two.
    var caption: String
    /// Names of lines and colours; empty where the page's own legend says all.
    var key: Markup = Markup()
    var charts: [Markup]
    var tables: [DataTable]
    /// Whether it takes the page's whole width.
    var isWide = false

    var markup: Markup {
        var markup = Markup()
        markup.element("figure", ["class": isWide ? "wide" : "half", "id": id]) { markup in
            markup.element("figcaption") { markup in
                markup.element("h3", text: title)
                markup.element("p", text: caption)
                markup.append(key)
            }
            for chart in charts {
                markup.element("div", ["class": "scroll", "tabindex": "0", "role": "region", "aria-label": title]) {
                    $0.append(chart)
                }
                markup.newLine()
            }
            for table in tables { markup.append(table.disclosure("Numbers: \(table.caption)")) }
        }
        markup.newLine()
        return markup
    }
}
