package import Timeline

/// The page on which people watch targets stream side by side, live, with what was measured of the same requests.
package struct PlayPage: Sendable {
    private let targets: [String]
    private let prompts: [Prompt]
    private let key: String
    private let outputLimit: Int?

    /// `key` is what the server wants to see with each request, so that no other page can send any; `outputLimit` is the
    /// most tokens that a request may ask for, nil where nothing limits it.
    package init(targets: [String], prompts: [Prompt], key: String, outputLimit: Int?) {
        self.targets = targets
        self.prompts = prompts
        self.key = key
        self.outputLimit = outputLimit
    }

    /// Runs the program and the style sheet beside it, and talks to its own server.
    package static let policy = LivePage.policy

    /// Prompts that nobody would look through are left to the scenario's file.
    private static let promptLimit = 100

    package var text: String {
        let listed = prompts.prefix(Self.promptLimit).map { prompt -> JSONValue in
            ["id": .string(prompt.id), "text": .string(prompt.messages.last?.content ?? "")]
        }
        let page = ServedPage(
            title: "Playground", script: "/play.js",
            facts: [
                "data-key": key, "data-targets": EmbeddedJSON.text(.strings(targets)),
                "data-prompts": EmbeddedJSON.text(.array(listed)),
            ])
        return page.text { markup in
            markup.element("header") { markup in
                markup.element("h1", text: "Playground, live")
                markup.element("p", text: Self.explanation)
                markup.element("nav") { $0.element("a", ["href": "/"], text: "All runs") }
            }
            markup.element("main") { markup in
                drawForm(to: &markup)
                markup.element("div", ["class": "panes", "id": "panes"])
            }
            markup.element("noscript") { $0.element("p", text: "Watching needs JavaScript; the reports do not.") }
        }
    }

    private static let explanation =
        "Each start sends one request to every chosen target, through the same code that measures runs. Nothing is stored. "
        + "Beside what ttft measured stands what this page saw: the difference is the way through this server and the browser, "
        + "which paints some 60 times a second at most. Thoughts are in italics."

    private func drawForm(to markup: inout Markup) {
        markup.element("form", ["id": "ask", "class": "controls"]) { markup in
            markup.element("label") { markup in
                markup.write("Prompt ")
                markup.element("select", ["id": "prompt"])
            }
            markup.element("label") { markup in
                markup.write("Output tokens at most ")
                let most = outputLimit.map(String.init) ?? ""
                markup.appendRaw(
                    "<input id=\"limit\" type=\"number\" min=\"1\" max=\"\(most)\" value=\"\(most)\" size=\"6\">")
            }
            markup.element("button", ["type": "submit", "class": "play", "id": "start"], text: "Start")
            markup.element("button", ["type": "button", "id": "stop", "disabled": ""], text: "Stop")
            markup.element("button", ["type": "button", "id": "add"], text: "Add a pane")
        }
        markup.element("p") { markup in
            markup.element("textarea", ["id": "words", "rows": "3", "aria-label": "Own prompt"])
        }
    }
}
