import Timeline

/// The scripts by their targets' names, and which of them a path means.
struct ScriptLibrary {
    enum Route: Equatable {
        case answer(Interface, target: String)
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

    private static let interfaces: [(suffix: String, interface: Interface)] = [
        ("/v1/chat/completions", .openAIChat), ("/v1/completions", .openAICompletions),
        ("/v1/messages", .anthropicMessages),
    ]

    /// Finds what a path means: `/NAME/v1/...` means that target, `/v1/...` the default one.
    func route(method: String, path: String) -> Route {
        if path == "/health" { return method == "GET" ? .health : .wrongMethod(allowed: "GET") }
        if path.hasSuffix("/v1/models") {
            let name = path.dropLast("/v1/models".count)
            guard let target = target(name) else { return .unknown }
            return method == "GET" ? .models(target: name.isEmpty ? nil : target) : .wrongMethod(allowed: "GET")
        }
        for (suffix, interface) in Self.interfaces where path.hasSuffix(suffix) {
            guard let target = target(path.dropLast(suffix.count)) else { return .unknown }
            return method == "POST" ? .answer(interface, target: target) : .wrongMethod(allowed: "POST")
        }
        return .unknown
    }

    /// The target of a path's first part, such as `/NAME`; with one script alone every name means it.
    private func target(_ prefix: Substring) -> String? {
        if prefix.isEmpty { return defaultTarget }
        let name = Self.decodePercents(prefix.dropFirst())
        if scripts[name] != nil { return name }
        return scripts.count == 1 ? defaultTarget : nil
    }

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
