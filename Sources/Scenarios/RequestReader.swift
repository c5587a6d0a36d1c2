import Timeline

/// Reads `request` and `timeouts`.
enum RequestReader {
    static let keys = ["max_output_tokens", "output_tokens", "temperature", "stream"] + RequirementReader.keys

    /// Reads the settings, and whether each prompt is to be asked twice: for a stream and for a whole answer.
    static func settings(_ cursor: YAMLCursor?) -> (settings: RequestSettings, asksBothWays: Bool) {
        var settings = RequestSettings()
        guard let mapping = cursor?.mapping(Self.keys, example: "{max_output_tokens: 128}") else {
            return (settings, false)
        }
        if let (key, value) = mapping.oneAtMost(of: ["max_output_tokens", "output_tokens"]) {
            settings.outputLength =
                key == "max_output_tokens"
                ? value.integer(1...1_000_000).map { .atMost($0) }
                : value.mapping(["exact"], example: "{exact: 128}")?
                    .required("exact", example: "exact: 128")?
                    .integer(1...1_000_000).map { .exactly($0) }
        }
        settings.temperature = mapping["temperature"]?.number(0...10, "a number from 0 to 10")
        RequirementReader.read(mapping, into: &settings)
        let word = mapping["stream"]?.choice(["true", "false", "both"])
        settings.stream = word != "false"
        return (settings, word == "both")
    }

    static func timeouts(_ cursor: YAMLCursor?) -> Timeouts {
        var timeouts = Timeouts()
        let keys: [(String, WritableKeyPath<Timeouts, Nanoseconds>)] = [
            ("connect", \.connect), ("headers", \.headers), ("first_token", \.firstToken), ("stall", \.stall),
            ("total", \.total),
        ]
        guard let mapping = cursor?.mapping(keys.map(\.0), example: "{first_token: 30s, total: 120s}") else {
            return timeouts
        }
        for (key, part) in keys {
            if let length = mapping[key]?.duration() { timeouts[keyPath: part] = length }
        }
        return timeouts
    }
}
