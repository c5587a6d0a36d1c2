import Timeline

/// The scripts by their targets' names, and which of them a path means.
struct ScriptLibrary {
    enum Route {
        case answer(any Interface, InterfaceCall)
        /// The list of models; of all targets where no one is named.
        case models(target: String?)
        case health
        case wrongMethod(allowed: String)
        case unknown
    }

    let scripts: [String: StreamScript]
    private let defaultTarget: String
    private var requestCounts: [String: Int] = [:]

    init(_ scripts: [String: StreamScript]) throws(SimulatorError) {
        guard let first = scripts.keys.min() else { throw .noScripts }
        for (target, script) in scripts {
            if let fault = script.fault, Fault(rawValue: fault) == nil {
                throw .unknownFault(name: fault, target: target)
            }
            if let api = script.api, !Interfaces.names.contains(api) { throw .unknownAPI(name: api, target: target) }
        }
        self.scripts = scripts
        defaultTarget = scripts["default"] == nil ? first : "default"
    }

    var targets: [String] { scripts.keys.sorted() }

    /// Counts a request of a target, from 1.
    mutating func countRequest(of target: String) -> Int {
        requestCounts[target, default: 0] += 1
        return requestCounts[target, default: 0]
    }

    /// Finds what a path means: `/NAME/v1/...` means that target, `/v1/...` the default one.
    func route(method: String, path: String, query: String) -> Route {
        if path == "/health" { return method == "GET" ? .health : .wrongMethod(allowed: "GET") }
        let segments = path.dropFirst().split(separator: "/", omittingEmptySubsequences: false)
        if segments.suffix(2) == ["v1", "models"] {
            let prefix = segments.dropLast(2)
            guard let target = target(prefix) else { return .unknown }
            return method == "GET" ? .models(target: prefix.isEmpty ? nil : target) : .wrongMethod(allowed: "GET")
        }
        let match = Interfaces.match(segments) { prefix in target(prefix).flatMap { scripts[$0]?.api } }
        guard let match, let target = target(match.prefix) else { return .unknown }
        guard method == "POST" else { return .wrongMethod(allowed: "POST") }
        let names = match.names.map(Self.decodePercents)
        let call = InterfaceCall(names: names, streams: match.streams, query: query, target: target)
        return .answer(match.interface, call)
    }

    /// The target that the segments before an API's own mean; with one script alone every name means it.
    ///
    /// Beyond the first segment they say nothing: hosted services have versions and the like there.
    private func target(_ prefix: ArraySlice<Substring>) -> String? {
        guard let first = prefix.first else { return defaultTarget }
        let name = Self.decodePercents(first)
        if scripts[name] != nil { return name }
        return scripts.count == 1 || Self.versions.contains(first) ? defaultTarget : nil
    }

    private static let versions: Set<Substring> = ["v1", "v1beta", "v2", "api", "openai"]

    private static func decodePercents(_ text: Substring) -> String {
        let bytes = Array(text.utf8)
        var decoded: [UInt8] = []
        var index = 0
        while index < bytes.count {
            if bytes[index] == UInt8(ascii: "%"), index + 2 < bytes.count,
                let value = UInt8(String(decoding: bytes[index + 1...index + 2], as: UTF8.self), radix: 16)
            {
                decoded.append(value)
                index += 3
            } else {
                decoded.append(bytes[index])
                index += 1
            }
        }
        return String(decoding: decoded, as: UTF8.self)
    }
}
