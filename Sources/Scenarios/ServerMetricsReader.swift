import Timeline

/// Reads `server_metrics`: where a server tells of itself while it is measured.
struct ServerMetricsReader {
    private static let example = "{url: http://127.0.0.1:8080/metrics, gauge: [vllm:num_requests_running]}"
    private static let defaultInterval = Nanoseconds.milliseconds(50)

    let cursor: YAMLCursor
    /// The URLs that requests go to.
    let targetURLs: [String]

    func read() -> ServerMetricsPlan? {
        guard let mapping = cursor.mapping(["url", "gauge", "interval"], example: Self.example),
            let entry = mapping.required("url", example: "url: http://127.0.0.1:8080/metrics"), let text = entry.text()
        else { return nil }
        let url: String
        do {
            url = try BaseURL.tidy(text)
        } catch {
            entry.report("\(entry.path) \(error.message)")
            return nil
        }
        if !isNear(url) {
            entry.report(
                "\(entry.path) must be on this machine or on the host of a target: nobody else is asked during a run")
        }
        var interval = Self.defaultInterval
        if let length = mapping["interval"]?.duration() {
            interval = length
            if length < .milliseconds(5) {
                mapping["interval"]?.report(
                    "\(cursor.path).interval must be at least 5ms: the server answers each time")
            }
        }
        return ServerMetricsPlan(url: url, gauges: gauges(mapping, url), interval: interval)
    }

    private func gauges(_ mapping: YAMLMapping, _ url: String) -> [String] {
        let isSlots = url.hasSuffix("/slots")
        guard let entry = mapping["gauge"] else {
            if !isSlots { _ = mapping.required("gauge", example: "gauge: [vllm:num_requests_running]") }
            return ServerMetricsPlan.slotGauges
        }
        guard !isSlots else {
            entry.report(
                "\(entry.path) has no place beside slots, of which \(ServerMetricsPlan.slotGauges.joined(separator: " and ")) "
                    + "are counted")
            return []
        }
        if case .scalar = entry.node.content { return entry.text().map { [$0] } ?? [] }
        return (entry.elements("a name or a list of names of metrics") ?? []).compactMap { $0.text() }
    }

    private func isNear(_ url: String) -> Bool {
        let host = Self.host(of: url)
        return ["127.0.0.1", "localhost", "[::1]"].contains(host) || targetURLs.map(Self.host).contains(host)
    }

    private static func host(of url: String) -> String {
        let authority = url.split(separator: "/", omittingEmptySubsequences: true).dropFirst().first ?? ""
        if let end = authority.firstIndex(of: "]") { return String(authority[...end]) }
        return authority.prefix { $0 != ":" }.lowercased()
    }
}
