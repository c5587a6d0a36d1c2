import Timeline
import Transport
import Wire

/// Finds out, by asking, which API a server speaks and which model it serves; asks for no token.
package struct ServerDiscovery {
    private let url: String
    private let key: String?

    package init(url: String, key: String?) {
        var url = url
        while url.hasSuffix("/") { url.removeLast() }
        self.url = url
        self.key = key
    }

    package struct Found: Sendable {
        package var baseURL: String
        package var model: String?
        package var api: String?
        /// What was found, for people.
        package var notes: [String] = []
        /// Why the model or the API is missing.
        package var problem: String?
        package var isReachable = true
    }

    /// Asks the server for what is not given.
    package func discover(model: String?, api: String?) -> Found {
        var found = Found(baseURL: url, model: model, api: api)
        guard isReachable(&found) else { return found }
        if model == nil { findModel(&found) }
        if api == nil, found.problem == nil { findAPI(&found) }
        return found
    }

    private func isReachable(_ found: inout Found) -> Bool {
        let problem = ConnectionCheck.problem(
            connectingTo: url, certificateAuthorityFile: nil, timeout: .seconds(5))
        if let problem {
            found.problem = "\(url): \(problem)"
            found.model = nil
            found.isReachable = false
        }
        return problem == nil
    }

    private func findModel(_ found: inout Found) {
        var failures: [String] = []
        for path in modelPaths {
            let response = SimpleFetch.response(from: path, headers: headers)
            guard let response, response.status == 200, let answer = try? JSONValue(parsing: response.body),
                let models = answer["data"]?.arrayValue
            else {
                let status = response.map { $0.status == 200 ? "answers no list" : "answers HTTP \($0.status)" }
                failures.append("\(path) \(status ?? "does not answer")")
                continue
            }
            // A server that sends the key back must not get it printed or stored as a name.
            let names = models.compactMap { $0["id"]?.stringValue }.filter { name in
                key.map { !name.contains($0) } ?? true
            }
            guard let first = names.first else {
                failures.append("\(path) lists no model")
                continue
            }
            found.model = first
            let others = names.count > 1 ? ", the first of \(names.count); --model NAME takes another" : ""
            found.notes.append("model: \(first) (from \(path)\(others))")
            return
        }
        found.problem = "no model found: \(failures.joined(separator: ", ")); name one with --model NAME"
    }

    private var modelPaths: [String] {
        let path = url.split(separator: "/").dropFirst(2)
        return path.isEmpty ? ["\(url)/v1/models"] : ["\(url)/models", "\(url)/v1/models"]
    }

    // An empty object is refused by an API that exists, before it costs a token; a path that does not exist says 404.
    private func findAPI(_ found: inout Found) {
        let target = Target(name: "", api: "", model: found.model ?? "", baseURL: url)
        for dialect in Dialects.all {
            let path = dialect.url(for: target)
            let response = SimpleFetch.response(
                from: path, headers: headers + [HeaderField("Content-Type", "application/json")],
                posting: Array("{}".utf8))
            guard let response, ![404, 405, 501].contains(response.status) else { continue }
            found.api = dialect.name
            found.notes.append("api: \(dialect.name) (\(path) answers)")
            return
        }
        found.problem =
            "\(url) answers at none of the paths of \(Dialects.names.joined(separator: ", ")); name the API with --api"
    }

    private var headers: [HeaderField] {
        key.map {
            [
                HeaderField("Authorization", "Bearer \($0)"), HeaderField("x-api-key", $0),
                HeaderField("x-goog-api-key", $0),
            ]
        } ?? []
    }
}
