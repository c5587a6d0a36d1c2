import Scenarios
import Timeline

/// What a scenario's requests authenticate by, fetched from where the scenario says that it is.
struct ScenarioSecrets {
    /// API keys by the names of the targets.
    let keys: [String: String]
    /// What signs requests, by the names of the targets.
    let awsCredentials: [String: AWSCredentials]

    init(of scenario: Scenario, in environment: [String: String]) {
        var keys: [String: String] = [:]
        var credentials: [String: AWSCredentials] = [:]
        for target in scenario.targets {
            keys[target.name] = target.key?.secret(in: environment)
            credentials[target.name] = target.awsAccess?.credentials(in: environment)
        }
        self.keys = keys
        awsCredentials = credentials
    }

    /// Every text that must never be stored or shown.
    var all: [String] { Array(keys.values) + awsCredentials.values.flatMap(\.secrets) }
}
