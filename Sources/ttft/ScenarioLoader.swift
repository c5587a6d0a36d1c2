import ArgumentParser
import Glibc
import Metrics
import Runner
import Scenarios
import Simulator
import Timeline
import Wire

/// Makes a scenario of a file, or of a URL and what its server says.
struct ScenarioLoader {
    let source: String
    let options: ScenarioOptions
    let adHoc: AdHocOptions

    private var isURL: Bool {
        let lowered = source.lowercased()
        return lowered.hasPrefix("http://") || lowered.hasPrefix("https://")
    }

    func load() throws -> Scenario {
        if !isURL { try Self.refuseOtherSchemes(source) }
        let scenario = isURL ? try fromServer() : try fromFile()
        if let file = adHoc.save { try save(scenario, to: file) }
        return scenario
    }

    /// Refuses a URL that is none of HTTP's, which would be taken for a file's name.
    static func refuseOtherSchemes(_ source: String) throws {
        guard let end = source.firstRange(of: "://")?.lowerBound else { return }
        throw Complaint(
            "\(source): a URL of \(source[..<end]); allowed are http:// and https://, such as "
                + "http://127.0.0.1:8080/v1", ExitStatus.badScenario)
    }

    private func fromFile() throws -> Scenario {
        if let flag = adHoc.given.first {
            throw Complaint(
                "\(flag) belongs to a URL, and '\(source)' is a scenario file; use --set, such as "
                    + "--set targets.0.model=NAME", ExitStatus.badScenario)
        }
        var overrides = overrides
        if let concurrency = adHoc.concurrency { overrides.append("load.closed.concurrency=\(concurrency)") }
        if let requests = adHoc.requests { overrides.append("load.requests=\(requests)") }
        return try Scenario(
            contentsOf: source, overrides: overrides, environment: Environment.all, vocabulary: .current,
            unconfiguredTargets: options.skipUnconfigured ? .skip : .refuse, onlyTargets: options.targets)
    }

    private func fromServer() throws -> Scenario {
        try Scenario.check(url: source)
        let key = adHoc.keyVariable.map { Target.KeySource.environment($0) }
        let secret = key?.secret(in: Environment.all)
        if let key, secret == nil { throw Complaint("--key-env: \(key.absence)", ExitStatus.badScenario) }
        if let flaw = key?.flaw(in: Environment.all) { throw Complaint("--key-env: \(flaw)", ExitStatus.badScenario) }
        // What is wrong with the flags is wrong whatever the server says.
        _ = try adHocScenario(url: source, model: adHoc.model ?? "unknown", api: adHoc.api ?? "openai-chat", key: key)
        if let file = adHoc.save, access(file, F_OK) == 0 { throw fileExists(file) }
        let found = ServerDiscovery(url: source, key: secret).discover(model: adHoc.model, api: adHoc.api)
        for note in found.notes { Output.note(note) }
        guard let model = found.model, let api = found.api else {
            throw Complaint(
                found.problem ?? "\(source) could not be asked",
                found.isReachable ? ExitStatus.badScenario : ExitStatus.noTargetAnswers)
        }
        noteDefaults()
        return try adHocScenario(url: found.baseURL, model: model, api: api, key: key)
    }

    private func adHocScenario(
        url: String, model: String, api: String, key: Target.KeySource?
    ) throws(ScenarioError) -> Scenario {
        try Scenario.adHoc(
            Scenario.AdHocOptions(
                url: url, model: model, api: api, key: key, concurrency: adHoc.concurrency ?? 1,
                requests: adHoc.requests ?? 30, maxOutputTokens: adHoc.maxOutputTokens ?? 128, prompt: adHoc.prompt),
            overrides: overrides, environment: Environment.all, vocabulary: .current)
    }

    /// Says what was not asked for and is done all the same.
    private func noteDefaults() {
        var defaults: [String] = []
        if adHoc.concurrency == nil { defaults.append("1 stream at a time (-c)") }
        if adHoc.requests == nil { defaults.append("30 measured requests (-n)") }
        if adHoc.maxOutputTokens == nil { defaults.append("at most 128 output tokens (--max-tokens)") }
        if adHoc.prompt == nil { defaults.append("a built-in prompt (--prompt)") }
        if !defaults.isEmpty { Output.note("defaults: \(defaults.joined(separator: ", "))") }
    }

    /// The seed decides synthetic prompts too, so it is an override like any other.
    private var overrides: [String] { options.overrides + (options.seed.map { ["seed=\($0)"] } ?? []) }

    private func save(_ scenario: Scenario, to file: String) throws {
        let descriptor = open(file, O_WRONLY | O_CREAT | O_EXCL, 0o644)
        guard descriptor >= 0 else {
            if errno == EEXIST { throw fileExists(file) }
            throw Complaint("--save \(file): \(String(cString: strerror(errno)))", ExitStatus.failure)
        }
        defer { close(descriptor) }
        let bytes = Array(scenario.yaml.utf8)
        guard write(descriptor, bytes, bytes.count) == bytes.count else {
            throw Complaint("--save \(file): \(String(cString: strerror(errno)))", ExitStatus.failure)
        }
        Output.note("saved the scenario: ttft run \(file)")
    }

    private func fileExists(_ file: String) -> Complaint {
        Complaint("--save \(file): exists already; it is not overwritten", ExitStatus.failure)
    }
}

extension ScenarioVocabulary {
    /// The words that this build of the tool knows.
    static var current: ScenarioVocabulary {
        var metrics: [String: MetricKind] = [:]
        for metric in MetricCatalogue.all { metrics[metric.name] = MetricKind(metric) }
        // An answer has one time of each of its fields.
        var field = MetricKind(MetricCatalogue.field(""))
        field.isOnePerRequest = true
        let without = { (takes: (any Dialect) -> Bool) in Set(Dialects.all.filter { !takes($0) }.map(\.name)) }
        return ScenarioVocabulary(
            apis: Dialects.names, metrics: metrics,
            metricFamilies: [MetricCatalogue.fieldPrefix: field],
            apisWithoutTools: without(\.takesTools),
            apisWithoutSchema: without(\.takesSchema), faultPlaces: FaultPlaces.apis)
    }
}

extension MetricKind {
    init(_ metric: MetricDefinition) {
        let unit: Unit =
            switch metric.unit {
            case .milliseconds, .millisecondsPerToken: .milliseconds
            case .share: .share
            case .tokensPerSecond, .requestsPerSecond: .rate
            case .count, .tokens: .count
            }
        self.init(
            unit, isOnePerRun: metric.isOnePerRun,
            isOnePerRequest: MetricCatalogue.requestLimitNames.contains(metric.name),
            isHigherBetter: metric.isHigherBetter)
    }
}
