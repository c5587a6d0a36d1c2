import Timeline

extension Scenario {
    /// The targets whose key is missing from the environment, by name, with the reason.
    package func unsetKeys(_ environment: [String: String]) -> [String: String] {
        var reasons: [String: String] = [:]
        for target in targets {
            guard let key = target.key, key.secret(in: environment) == nil else { continue }
            reasons[target.name] = key.absence
        }
        return reasons
    }
}
