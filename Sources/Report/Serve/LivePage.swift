package import Timeline

/// The page of a run in progress: its figures and its requests, as the server tells them.
package struct LivePage: Sendable {
    private let run: RunDescription

    package init(run: RunDescription) { self.run = run }

    /// Runs the program and the style sheet beside it, and listens to its own server.
    package static let policy =
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; base-uri 'none'; "
        + "form-action 'none'; frame-ancestors 'none'"

    package var text: String {
        let page = ServedPage(
            title: "Run \(run.id)", script: "/live.js",
            facts: [
                "data-events": "/runs/\(run.id)/events",
                "data-targets": EmbeddedJSON.text(.strings(run.targets.map(\.name))),
            ])
        return page.text { markup in
            markup.element("header") { markup in
                markup.element("h1", text: run.scenarioName)
                markup.element("p") { markup in
                    markup.element("b", text: "Run \(run.id)")
                    markup.write(", \(Phrases(painter: Painter(hasColor: false, hasUnicode: true)).load(run))")
                }
                markup.element("nav") { markup in
                    markup.element("a", ["href": "/"], text: "All runs")
                    markup.element("a", ["href": "/runs/\(run.id)"], text: "Report")
                }
            }
            markup.element("main") { markup in
                markup.element("p", ["id": "state", "role": "status", "class": "warning"], text: "Connecting")
                markup.element("p") { markup in
                    markup.element("progress", ["id": "share", "max": "1", "value": "0", "aria-label": "Progress"])
                    markup.element("span", ["id": "counts"])
                }
                markup.element("h2", text: "Figures so far")
                markup.append(
                    table(
                        "figures", "target",
                        ["done", "failed", "TTFT p50, ms", "p90", "p99", "gap p50, ms", "tok/s p50", "req/s", "tok/s"]))
                markup.element("h2", text: "Time to first token by start")
                markup.element("div", ["id": "chart"])
                markup.element("h2", text: "Requests, the latest first")
                markup.append(table("requests", "request", ["target", "outcome", "TTFT, ms", "E2E, ms", "tok/s"]))
            }
            markup.element("noscript") { $0.element("p", text: "This page needs JavaScript; the report does not.") }
        }
    }

    private func table(_ id: String, _ first: String, _ others: [String]) -> Markup {
        var markup = Markup()
        markup.element("table") { markup in
            markup.element("thead") { markup in
                markup.element("tr") { markup in
                    for header in [first] + others { markup.element("th", ["scope": "col"], text: header) }
                }
            }
            markup.element("tbody", ["id": id])
        }
        return markup.wrapped(label: first)
    }

    /// The style sheet of all pages of a server.
    package static var style: String {
        PageStyle.text + """
            progress { width: min(24rem, 100%); vertical-align: middle; margin-right: 0.75rem; accent-color: var(--accent); }
            button, input, select, textarea { font: inherit; }
            button:disabled { opacity: 0.45; }
            textarea, input[type=number] { color: var(--ink); background: var(--raised); border: 1px solid var(--soft);
              border-radius: 0.3rem; padding: 0.3rem 0.5rem; }
            textarea { width: 100%; }
            form th, form th[scope], form td { text-align: left; }
            #chart > svg { width: 100%; height: auto; max-height: 20rem; background: var(--raised); }
            #chart path { fill: var(--c); } #chart path.failed { fill: none; stroke: var(--bad); stroke-width: 1.5; }
            #chart .swatch { width: 0.9rem; height: 0.9rem; background: none; }
            #chart text { fill: var(--soft); font-size: 12px; } #chart line { stroke: var(--rule); }

            """
    }
}
