import Timeline

extension Scenario {
    /// The targets whose key is missing from the environment, by name, with the reason.
    package func unsetKeys(_ environment: [String: String]) -> [String: String] {
        var reasons: [String: String] = [:]
        for target in targets {
            reasons[target.name] = target.missingSecret(in: environment)
        }
        return reasons
    }
}
