/// The numbers behind a chart, as exports have them.
struct DataTable: Sendable {
    /// Names the table for programs.
    var id: String
    var caption: String
    var header: [String]
    var rows: [[String]]
    /// How many first cells of a row name it.
    var nameColumns = 1

    /// A table that opens on demand.
    func disclosure(_ summary: String) -> Markup {
        var markup = Markup()
        markup.element("details", ["class": "data"]) { markup in
            markup.element("summary", text: summary)
            markup.element("div", ["class": "scroll", "tabindex": "0", "role": "region", "aria-label": caption]) {
                $0.append(table)
            }
        }
        return markup
    }

    var table: Markup {
        var markup = Markup()
        markup.element("table", ["data-table": id]) { markup in
            markup.element("caption", text: caption)
            markup.element("thead") { markup in
                markup.element("tr") { markup in
                    for name in header { markup.element("th", ["scope": "col"], text: name) }
                }
            }
            markup.newLine()
            markup.element("tbody") { markup in
                for row in rows {
                    markup.element("tr") { markup in
                        for (index, cell) in row.enumerated() {
                            if index < nameColumns {
                                markup.element("th", ["scope": "row"], text: cell)
                            } else {
                                markup.element("td", text: cell)
                            }
                        }
                    }
                    markup.newLine()
                }
            }
        }
        return markup
    }
}
