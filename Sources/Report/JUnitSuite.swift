/// Verdicts as the XML that CI services show as test results.
struct JUnitSuite: Sendable {
    enum Outcome: Sendable {
        case success
        case failure(String)
        case skipped(String)
        case error(String)
    }

    struct Case: Sendable {
        var className: String
        var name: String
        var outcome: Outcome
        /// What a reader should know, whatever the outcome.
        var text: String
    }

    var name: String
    var cases: [Case] = []

    var text: String {
        var failures = 0
        var skipped = 0
        var errors = 0
        var body = ""
        for entry in cases {
            let content: String
            switch entry.outcome {
            case .success: content = "<system-out>\(Self.escaped(entry.text))</system-out>"
            case .failure(let message):
                failures += 1
                content = Self.element("failure", message, entry.text)
            case .skipped(let message):
                skipped += 1
                content = Self.element("skipped", message, entry.text)
            case .error(let message):
                errors += 1
                content = Self.element("error", message, entry.text)
            }
            body +=
                "    <testcase classname=\"\(Self.escaped(entry.className))\" "
                + "name=\"\(Self.escaped(entry.name))\" time=\"0\">\(content)</testcase>\n"
        }
        let counts = "tests=\"\(cases.count)\" failures=\"\(failures)\" errors=\"\(errors)\" skipped=\"\(skipped)\""
        return "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites \(counts)>\n"
            + "  <testsuite name=\"\(Self.escaped(name))\" \(counts) time=\"0\">\n\(body)  </testsuite>\n</testsuites>\n"
    }

    private static func element(_ name: String, _ message: String, _ text: String) -> String {
        "<\(name) message=\"\(escaped(message))\">\(escaped(text))</\(name)>"
    }

    /// Text that XML 1.0 allows anywhere; control characters have been made visible.
    private static func escaped(_ text: String) -> String {
        PrintableText.terminal(text).replacing("&", with: "&amp;").replacing("<", with: "&lt;")
            .replacing(">", with: "&gt;").replacing("\"", with: "&quot;")
    }
}
