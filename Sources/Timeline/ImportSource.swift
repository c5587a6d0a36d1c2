/// Where the figures of a run come from that another tool measured.
package struct ImportSource: Sendable, Equatable, Codable {
    /// The tool's name, such as `vLLM`.
    package var tool: String
    /// Whether its file says when each request began; without that nothing is known of order, load and rates over time.
    package var tellsStarts: Bool

    package init(tool: String, tellsStarts: Bool) {
        self.tool = tool
        self.tellsStarts = tellsStarts
    }
}
