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
            url = try BaseURL.tidy(text, secretAdvice: "metrics are asked for without a secret")
        } catch {
            entry.report("\(entry.path) \(error.message)")
            return nil
        }
        if !isNear(url) {
            entry.report(
                "\(entry.path) must be on this machine or on the host of a target: nobody else is asked during a run")
        }
        let interval = mapping["interval"].flatMap(interval) ?? Self.defaultInterval
        return ServerMetricsPlan(url: url, gauges: gauges(mapping, url), interval: interval)
    }

    private func interval(_ entry: YAMLCursor) -> Nanoseconds? {
        guard let length = entry.duration() else { return nil }
        guard (.milliseconds(5) ... .seconds(60)).contains(length) else {
            entry.report(
                "\(entry.path) must be from 5ms to 60s: the server answers each time, and what happens in between is not "
                    + "seen; found \(entry.node.found)")
            return nil
        }
        return length
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
        let entries =
            if case .scalar = entry.node.content { [entry] } else {
                entry.elements("a name or a list of names of metrics") ?? []
            }
        let names = entries.compactMap(name)
        for (index, name) in names.enumerated() where names[..<index].contains(name) {
            entries[index].report("\(entries[index].path) names '\(name)' a second time; leave it out")
        }
        return names
    }

    private func name(_ entry: YAMLCursor) -> String? {
        guard let text = entry.text() else { return nil }
        guard MetricSelector(text) != nil else {
            entry.report(
                "\(entry.path) must be the name of a metric, such as vllm:num_requests_running, or a name with labels, "
                    + #"such as 'running{model="m"}'; found \#(entry.node.found)"#)
            return nil
        }
        return text
    }

    private func isNear(_ url: String) -> Bool {
        let host = Self.host(of: url)
        let isLoopback = host.hasPrefix("127.") && host.allSatisfy { $0.isNumber || $0 == "." }
        return isLoopback || ["localhost", "[::1]"].contains(host) || targetURLs.map(Self.host).contains(host)
    }

    private static func host(of url: String) -> String {
        let authority = url.split(separator: "/", omittingEmptySubsequences: true).dropFirst().first ?? ""
        if let end = authority.firstIndex(of: "]") { return String(authority[...end]) }
        return authority.prefix { $0 != ":" }.lowercased()
    }
}
