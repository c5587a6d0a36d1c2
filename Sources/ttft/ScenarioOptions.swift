import ArgumentParser

/// What the command line says about a scenario.
struct ScenarioOptions: ParsableArguments {
    @Option(
        name: .customLong("set"), parsing: .singleValue,
        help: ArgumentHelp(
            "Override a key, such as load.closed.concurrency=8 or targets.NAME.base_url=...", valueName: "key=value"))
    var overrides: [String] = []

    @Option(
        name: .customLong("target"), parsing: .singleValue,
        help: ArgumentHelp("Measure this target only; may be given several times.", valueName: "name"))
    var targets: [String] = []

    @Flag(help: "Leave out targets whose API key is not set, and say so.")
    var skipUnconfigured = false

    @Option(help: ArgumentHelp("The seed of prompts and arrivals (default: the scenario's).", valueName: "number"))
    var seed: UInt64?
}

/// What the command line says in place of a scenario.
struct AdHocOptions: ParsableArguments {
    // Unconditional, so that a negative number is refused as a number and not taken for a flag.
    @Option(
        name: [.customShort("c"), .long], parsing: .unconditional,
        help: ArgumentHelp("Streams at once (default: 1).", valueName: "count"),
        transform: AdHocOptions.wholeNumber)
    var concurrency: Int?

    @Option(
        name: [.customShort("n"), .long], parsing: .unconditional,
        help: ArgumentHelp("Measured requests (default: 30).", valueName: "count"),
        transform: AdHocOptions.wholeNumber)
    var requests: Int?

    @Option(help: ArgumentHelp("The model (default: the first that the server lists).", valueName: "name"))
    var model: String?

    @Option(help: ArgumentHelp("The API (default: found by asking).", valueName: "name"))
    var api: String?

    @Option(
        name: .customLong("max-tokens"), parsing: .unconditional,
        help: ArgumentHelp("Output tokens at most (default: 128).", valueName: "count"),
        transform: AdHocOptions.wholeNumber)
    var maxOutputTokens: Int?

    @Option(help: ArgumentHelp("The prompt (default: a short question).", valueName: "text"))
    var prompt: String?

    @Option(
        name: .customLong("key-env"),
        help: ArgumentHelp("The environment variable with the API key; keys are never arguments.", valueName: "name"))
    var keyVariable: String?

    @Option(help: ArgumentHelp("Write the scenario that says the same.", valueName: "file"))
    var save: String?

    private static func wholeNumber(_ text: String) throws -> Int {
        guard let number = Int(text) else { throw ValidationError("it must be a whole number, such as 8") }
        return number
    }

    /// The flags that only a URL can have, as they were typed.
    var given: [String] {
        var names: [String] = []
        if model != nil { names.append("--model") }
        if api != nil { names.append("--api") }
        if maxOutputTokens != nil { names.append("--max-tokens") }
        if prompt != nil { names.append("--prompt") }
        if keyVariable != nil { names.append("--key-env") }
        return names
    }
}
