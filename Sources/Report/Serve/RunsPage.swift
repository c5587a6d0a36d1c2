import Timeline

/// The front page of a database: its runs, the newest first, to look at or to lay over each other.
package struct RunsPage: Sendable {
    package struct Row: Sendable {
        package var run: RunsListReport.Row
        /// Whether a living process writes the run.
        package var isGoingOn: Bool

        package init(run: RunsListReport.Row, isGoingOn: Bool) {
            self.run = run
            self.isGoingOn = isGoingOn
        }
    }

    private let rows: [Row]
    /// Whether there are targets that can be watched live.
    private let hasPlayground: Bool

    package init(rows: [Row], hasPlayground: Bool = false) {
        self.rows = rows
        self.hasPlayground = hasPlayground
    }

    /// Loads nothing but the style sheet beside it, and asks nobody but its own server.
    package static let policy =
        "default-src 'none'; style-src 'self'; img-src data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

    package var text: String {
        ServedPage(title: "Runs", script: nil).text { markup in
            markup.element("header") { markup in
                markup.element("h1", text: "Runs")
                guard hasPlayground else { return }
                markup.element("nav") { $0.element("a", ["href": "/play"], text: "Playground, live") }
            }
            markup.element("main") { markup in
                if rows.isEmpty {
                    markup.element("p", text: "No run is stored yet. Measure one: ttft run SCENARIO")
                } else {
                    drawForm(to: &markup)
                }
            }
        }
    }

    private func drawForm(to markup: inout Markup) {
        markup.element("form", ["action": "/compare", "method": "get"]) { markup in
            var table = Markup()
            table.element("table") { table in
                table.element("thead") { table in
                    table.element("tr") { table in
                        for header in ["compare", "run", "started", "scenario", "targets", "ok", "status", "tags"] {
                            table.element("th", ["scope": "col"], text: header)
                        }
                    }
                }
                table.element("tbody") { table in
                    for row in rows { draw(row, to: &table) }
                }
            }
            markup.append(table.wrapped(label: "Runs"))
            markup.element("p") {
                $0.element("button", ["type": "submit"], text: "Lay the chosen runs over each other")
            }
        }
    }

    private func draw(_ row: Row, to markup: inout Markup) {
        let run = row.run.run
        markup.element("tr") { markup in
            markup.element("td") { markup in
                markup.element(
                    "input",
                    ["type": "checkbox", "name": "run", "value": run.id, "aria-label": "Compare run \(run.id)"])
            }
            markup.element("th", ["scope": "row"]) { markup in
                markup.element("a", ["href": "/runs/\(run.id)\(row.isGoingOn ? "/live" : "")"], text: run.id)
            }
            let names = run.targets.prefix(3).map(\.name).joined(separator: ", ")
            let more = run.targets.count > 3 ? " +\(run.targets.count - 3)" : ""
            for text in [
                UTCTimestamp(nanosecondsSince1970: run.startedWallClock).spoken, run.scenarioName, names + more,
                "\(row.run.complete)/\(row.run.requests)", row.isGoingOn ? "in progress" : run.status.rawValue,
                run.tags.joined(separator: ", "),
            ] { markup.element("td", text: text) }
        }
        markup.newLine()
    }
}

/// What the pages of a server share; unlike reports they load their style sheet and their program from beside them.
struct ServedPage {
    let title: String
    /// The path of the page's program; nil where it has none.
    let script: String?
    /// What the program is told, as attributes of the body.
    var facts: KeyValuePairs<String, String> = [:]

    func text(_ content: (inout Markup) -> Void) -> String {
        var markup = Markup()
        markup.appendRaw("<!DOCTYPE html>\n")
        markup.element("html", ["lang": "en"]) { markup in
            markup.element("head") { markup in
                markup.element("meta", ["charset": "utf-8"])
                markup.element("meta", ["name": "viewport", "content": "width=device-width, initial-scale=1"])
                markup.element("meta", ["name": "color-scheme", "content": "light dark"])
                markup.element("title", text: "\(title) \u{b7} ttft")
                markup.appendRaw("<link rel=\"stylesheet\" href=\"/style.css\"><link rel=\"icon\" href=\"data:,\">")
                if let script { markup.appendRaw("<script src=\"\(script)\" defer></script>") }
            }
            markup.newLine()
            markup.element("body", facts, content)
        }
        markup.newLine()
        return markup.text
    }
}
