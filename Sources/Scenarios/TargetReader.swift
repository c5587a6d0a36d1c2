import Timeline

/// Reads one entry of `targets`.
struct TargetReader {
    static let keys = [
        "name", "api", "base_url", "model", "api_key_env", "api_key_file", "aws", "headers", "body", "http",
        "connections",
        "ca_file", "simulate", "stream", "relay_of", "max_connections", "reconnect", "price",
    ]

    let cursor: YAMLCursor

    /// The name that an entry has or is going to have; nil where it cannot be told.
    static func name(of node: YAMLNode, environment: [String: String]) -> String? {
        for key in ["name", "model"] {
            guard let entry = node[key], !entry.isNull, case .scalar(let text, _) = entry.content else { continue }
            return try? EnvironmentSubstitution(environment: environment).complete(text)
        }
        return node["simulate"].flatMap(SimulationReader.profileName(in:))
    }

    /// Reads the entry; where a part is wrong the others are still checked, and a stand-in takes its place.
    func read() -> Target? {
        let example = "{name: …, api: …, base_url: …, model: …}"
        guard let mapping = cursor.mapping(Self.keys, example: example, reasonToRefuse: Self.reasonToRefuse) else {
            return nil
        }
        let isReal = mapping["simulate"] == nil
        let profile = mapping["simulate"].flatMap { SimulationReader.profileName(in: $0.node) }
        let model = readModel(mapping, isReal: isReal, profile: profile)
        let name = mapping["name"].map { $0.text() } ?? model
        if let name { check(name, at: mapping["name"] ?? mapping["model"] ?? cursor) }
        var target = Target(
            name: name ?? "", api: readAPI(mapping, isReal: isReal), model: model ?? name ?? "",
            baseURL: readBaseURL(mapping, isReal: isReal))
        target.key = readKey(mapping)
        target.awsAccess = readAWSAccess(mapping, api: target.api)
        target.headers = mapping["headers"].map { HeaderReader(cursor: $0).read() } ?? []
        target.body = mapping["body"].flatMap { BodyReader(cursor: $0, api: target.api).read() }
        if let http = mapping["http"]?.choice(["1.1", "2"]) { target.httpVersion = http == "2" ? .two : .one }
        if let word = mapping["connections"]?.choice(["reuse", "fresh"]) {
            target.connections = word == "fresh" ? .fresh : .reuse
        }
        target.certificateAuthorityFile = mapping["ca_file"]?.text().map(cursor.context.path)
        target.streams = mapping["stream"]?.flag()
        target.maxConnections = mapping["max_connections"]?.integer(1...10_000)
        if target.maxConnections != nil, target.httpVersion == .two {
            mapping["max_connections"]?.report(
                "\(cursor.path).max_connections is for HTTP/1.1, where a connection carries one request at a time; over "
                    + "HTTP/2 one carries many")
        }
        target.relayOf = mapping["relay_of"]?.text()
        target.price = PriceReader.price(mapping["price"])
        target.reconnects = mapping["reconnect"]?.flag() ?? false
        target.simulation = mapping["simulate"].flatMap { SimulationReader(cursor: $0, api: target.api).read() }
        if target.simulation != nil, target.httpVersion == .two {
            mapping["http"]?.report(
                "\(cursor.path).http must be 1.1 for a simulated target: the simulator has no HTTP/2")
        }
        guard name != nil else {
            if mapping["name"] == nil { _ = mapping.required("name", example: "name: my-server") }
            return nil
        }
        return target
    }

    /// Refuses names that `--set targets.NAME.…` could not address.
    private func check(_ name: String, at entry: YAMLCursor) {
        if name.allSatisfy(\.isNumber) {
            entry.report(
                "a target's name must not be digits alone, which mean a position; give '\(name)' another 'name'")
        } else if name.contains("=") || name.unicodeScalars.contains(where: { $0.value < 0x20 }) {
            entry.report("a target's name must not hold '=' or control characters; give it another 'name'")
        }
    }

    private func readModel(_ mapping: YAMLMapping, isReal: Bool, profile: String?) -> String? {
        if let model = mapping["model"] { return model.text() }
        if isReal { _ = mapping.required("model", example: "model: gpt-4o-mini") }
        return profile
    }

    private func readAPI(_ mapping: YAMLMapping, isReal: Bool) -> String {
        let fallback = "openai-chat"
        if let api = mapping["api"] { return api.choice(cursor.context.vocabulary.apis) ?? fallback }
        if isReal { _ = mapping.required("api", example: "api: \(fallback)") }
        return fallback
    }

    private func readBaseURL(_ mapping: YAMLMapping, isReal: Bool) -> String {
        guard
            let (key, entry) = mapping.exactlyOne(
                of: ["base_url", "simulate"], example: "base_url: http://127.0.0.1:8080/v1, or simulate: gpt-4o-mini")
        else { return "" }
        guard key == "base_url", let text = entry.text() else { return "" }
        do {
            return try BaseURL.tidy(text)
        } catch {
            entry.report("\(entry.path) \(error.message)")
            return ""
        }
    }
}

extension TargetReader {
    /// Reads where the key comes from; no message repeats what was written, since it may be the key itself.
    private func readKey(_ mapping: YAMLMapping) -> Target.KeySource? {
        guard let (key, entry) = mapping.oneAtMost(of: ["api_key_env", "api_key_file"]) else { return nil }
        guard let text = entry.literal, !text.isEmpty, !text.contains("${") else {
            let wanted = key == "api_key_env" ? "the name of an environment variable" : "the path of a file"
            entry.report("\(entry.path) must be \(wanted), without ${…}")
            return nil
        }
        if key == "api_key_file" { return .file(cursor.context.path(text)) }
        guard EnvironmentSubstitution.isVariableName(text) else {
            entry.report(
                "\(entry.path) must be the name of an environment variable, such as OPENAI_API_KEY, "
                    + "and not the key itself")
            return nil
        }
        return .environment(text)
    }

    private func readAWSAccess(_ mapping: YAMLMapping, api: String) -> AWSAccess? {
        guard let entry = mapping["aws"] else { return nil }
        _ = mapping.oneAtMost(of: mapping["api_key_file"] == nil ? ["api_key_env", "aws"] : ["api_key_file", "aws"])
        let signedAPI = "bedrock"
        if api != signedAPI {
            entry.report("\(entry.path) signs requests of api: \(signedAPI) alone, and this target's is \(api)")
        }
        return AWSAccessReader(cursor: entry).read()
    }

    private static func reasonToRefuse(_ key: String) -> String? {
        guard ["api_key", "apikey", "api-key", "key", "token"].contains(key.lowercased()) else { return nil }
        return "'\(key)' would keep a secret in the scenario; use api_key_env: NAME_OF_A_VARIABLE or api_key_file: PATH"
    }
}
