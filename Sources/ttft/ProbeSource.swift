import ArgumentParser
import Glibc
import Runner
import Scenarios
import Timeline

/// What a probe asks: a scenario file, with a target's name behind a colon, or the URL of a server.
struct ProbeSource {
    let source: String
    let options: ProbeOptions

    /// Makes a scenario whose first target and prompt are to be probed.
    func load() throws -> Scenario {
        let lowered = source.lowercased()
        let isURL = lowered.hasPrefix("http://") || lowered.hasPrefix("https://")
        if !isURL { try ScenarioLoader.refuseOtherSchemes(source) }
        var scenario = isURL ? try fromServer() : try fromFile()
        if let prompt = options.prompt, !isURL { scenario.prompts = [Prompt(id: "command line", text: prompt)] }
        if let count = options.maxOutputTokens, !isURL { scenario.request.outputLength = .atMost(count) }
        if options.noStream {
            scenario.request.stream = false
            for index in scenario.targets.indices { scenario.targets[index].streams = false }
        }
        return scenario
    }

    private func fromFile() throws -> Scenario {
        for (flag, value) in [("--model", options.model), ("--api", options.api), ("--key-env", options.keyVariable)]
        where value != nil {
            throw Complaint(
                "\(flag) belongs to a URL, and '\(source)' is a scenario file; use --set, such as "
                    + "--set targets.0.model=NAME", ExitStatus.badScenario)
        }
        let (file, target) = Self.divided(source)
        let scenario = try Scenario(
            contentsOf: file, overrides: options.overrides, environment: Environment.all, vocabulary: .current,
            unconfiguredTargets: target == nil ? .skip : .refuse, onlyTargets: target.map { [$0] } ?? [])
        for (name, reason) in scenario.skipped.sorted(by: { $0.key < $1.key }) {
            Output.note("skipped \(name): \(reason)")
        }
        if target == nil, scenario.targets.count > 1 {
            let names = scenario.targets.map(\.name)
            Output.note(
                "probing \(names[0]), the first of \(names.joined(separator: ", ")); \(file):NAME probes another")
        }
        return scenario
    }

    /// Divides at the first colon that a file's name ends at, since targets' names may hold colons too.
    static func divided(_ source: String) -> (file: String, target: String?) {
        if access(source, F_OK) == 0 { return (source, nil) }
        let colons = source.indices.filter { source[$0] == ":" }
        let colon = colons.first { access(String(source[..<$0]), F_OK) == 0 } ?? colons.first
        guard let colon else { return (source, nil) }
        return (String(source[..<colon]), String(source[source.index(after: colon)...]))
    }

    private func fromServer() throws -> Scenario {
        try Scenario.check(url: source)
        let key = options.keyVariable.map { Target.KeySource.environment($0) }
        let secret = key?.secret(in: Environment.all)
        if let key, secret == nil { throw Complaint("--key-env: \(key.absence)", ExitStatus.badScenario) }
        var (url, model, api) = (source, options.model, options.api)
        if model == nil || api == nil {
            let found = ServerDiscovery(url: source, key: secret).discover(model: model, api: api)
            for note in found.notes { Output.note(note) }
            (url, model, api) = (found.baseURL, found.model, found.api)
            if model == nil || api == nil {
                throw Complaint(
                    found.problem ?? "\(source) could not be asked",
                    found.isReachable ? ExitStatus.badScenario : ExitStatus.noTargetAnswers)
            }
        }
        return try Scenario.adHoc(
            Scenario.AdHocOptions(
                url: url, model: model ?? "", api: api ?? "", key: key, requests: 1,
                maxOutputTokens: options.maxOutputTokens ?? 128, prompt: options.prompt),
            overrides: options.overrides, environment: Environment.all, vocabulary: .current)
    }
}

/// What the command line says about a probe.
struct ProbeOptions: ParsableArguments {
    @Option(help: ArgumentHelp("The model, for a URL (default: the first that the server lists).", valueName: "name"))
    var model: String?

    @Option(help: ArgumentHelp("The API, for a URL (default: found by asking).", valueName: "name"))
    var api: String?

    @Option(
        name: .customLong("key-env"),
        help: ArgumentHelp(
            "The environment variable with the API key, for a URL; keys are never arguments.", valueName: "name"))
    var keyVariable: String?

    @Option(help: ArgumentHelp("The prompt (default: the scenario's first, else a short question).", valueName: "text"))
    var prompt: String?

    @Option(
        name: .customLong("max-tokens"),
        help: ArgumentHelp("Output tokens at most (default: the scenario's, else 128).", valueName: "count"))
    var maxOutputTokens: Int?

    @Flag(help: "Ask for one JSON answer in place of a stream.")
    var noStream = false

    @Option(
        name: .customLong("set"), parsing: .singleValue,
        help: ArgumentHelp("Override a key, such as targets.0.http=2.", valueName: "key=value"))
    var overrides: [String] = []

    mutating func validate() throws {
        if let maxOutputTokens, maxOutputTokens < 1 { throw ValidationError("--max-tokens must be at least 1") }
    }
}
