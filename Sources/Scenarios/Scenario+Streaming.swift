package import Timeline

extension Scenario {
    /// What `stream: both` appends to the name of a target for the one that asks for whole answers.
    package static let wholeSuffix = "-whole"

    /// The settings of a target's requests.
    package func settings(of target: Target) -> RequestSettings {
        var settings = request
        if let streams = target.streams { settings.stream = streams }
        return settings
    }
}
