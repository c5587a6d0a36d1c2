import Timeline

/// Reads a whole scenario, section by section.
struct ScenarioReader {
    static let keys = [
        "name", "description", "seed", "targets", "order", "prompts", "request", "reader", "tokenizer", "load",
        "timeouts",
        "retries", "cancel", "server_metrics", "max_cost", "max_error_rate", "slo", "budgets", "store",
    ]

    let root: YAMLCursor
    let unconfiguredTargets: Scenario.UnconfiguredTargets
    let onlyTargets: [String]

    func read(named fallbackName: String) throws(ScenarioError) -> Scenario {
        guard let mapping = root.mapping(Self.keys, example: "{targets: […], load: {…}}") else {
            try root.context.throwProblems()
            throw .invalid([ScenarioProblem(root.node.place, "a scenario must be a mapping")])
        }
        let seed = readSeed(mapping)
        let prompts = PromptReader(seed: seed).read(mapping["prompts"])
        let load = mapping.required("load", example: LoadReader.example).map { LoadReader(cursor: $0).read() } ?? Load()
        let limits = LimitReader(vocabulary: root.context.vocabulary)
        let request = RequestReader.settings(mapping["request"])
        var targets = readTargets(mapping, request.settings)
        if request.asksBothWays { askBothWays(&targets.configured, mapping) }
        let (storage, storesText) = readStorage(mapping)
        let scenario = Scenario(
            name: mapping["name"]?.text() ?? fallbackName, description: readDescription(mapping), seed: seed,
            targets: targets.configured,
            isInterleaved: mapping["order"]?.choice(["interleaved", "sequential"]) != "sequential",
            promptSources: prompts.sources, prompts: prompts.prompts,
            request: request.settings, reader: ReaderReader.profile(mapping["reader"]),
            tokenizer: TokenizerReader.file(mapping["tokenizer"]),
            maxCost: readMaxCost(mapping, targets.configured, request.settings), load: load.shape,
            amount: load.amount,
            warmup: load.warmup, timeouts: RequestReader.timeouts(mapping["timeouts"]),
            retries: mapping["retries"]?.integer(0...Scenario.retryLimit) ?? 0,
            cancellation: CancellationReader.plan(mapping["cancel"]),
            serverMetrics: mapping["server_metrics"].flatMap {
                ServerMetricsReader(cursor: $0, targetURLs: targets.configured.map(\.baseURL)).read()
            },
            maxErrorRate: mapping["max_error_rate"]?.number(0...1, "a share from 0 to 1, such as 0.1") ?? 0.1,
            objectives: limits.objectives(mapping["slo"]), budgets: limits.budgets(mapping["budgets"]),
            storage: storage, storesText: storesText, skipped: targets.skipped, limitUnits: [:], sourceText: "",
            fileName: "", overrides: [])
        try root.context.throwProblems()
        return withLimitUnits(scenario)
    }

    /// Adds to every target one that asks the same for whole answers.
    private func askBothWays(_ targets: inout [Target], _ mapping: YAMLMapping) {
        let names = Set(targets.map(\.name))
        targets = targets.flatMap { target -> [Target] in
            guard target.streams == nil else { return [target] }
            var whole = target
            whole.name += Scenario.wholeSuffix
            whole.streams = false
            whole.wholeOf = target.name
            whole.relayOf = nil
            if names.contains(whole.name) {
                mapping["targets"]?.report(
                    "'\(whole.name)' is the name that stream: both gives to the whole answers of '\(target.name)'; "
                        + "give that target another 'name'")
            }
            return [target, whole]
        }
    }

    /// Where requests of the APIs say how many answers they want.
    private static let choiceMembers = [
        ["n"], ["best_of"], ["num_generations"], ["generationConfig", "candidateCount"], ["parameters", "best_of"],
    ]

    /// A bound holds where it is known what a request can cost.
    private func readMaxCost(_ mapping: YAMLMapping, _ targets: [Target], _ settings: RequestSettings) -> Double? {
        guard let entry = mapping["max_cost"],
            let limit = entry.number(0...1_000_000_000, "an amount in the currency of the prices")
        else { return nil }
        if let target = targets.first(where: { $0.price == nil }) {
            entry.report(
                "max_cost needs the price of every target, and '\(target.name)' has none; write "
                    + "price: {input: 2.5, output: 10}, per million tokens")
        }
        for target in targets {
            guard
                let name = Self.choiceMembers.first(where: { names in
                    names.reduce(target.body) { $0?[$1] }.map { $0 != 1 } ?? false
                })
            else { continue }
            entry.report(
                "max_cost bounds one answer a request, and '\(name.joined(separator: "."))' in the body of "
                    + "'\(target.name)' asks for more; leave it out")
        }
        if settings.outputLength == nil {
            entry.report(
                "max_cost needs a longest answer, or a request could cost anything; write "
                    + "request: {max_output_tokens: 256}")
        }
        return limit
    }

    private func readSeed(_ mapping: YAMLMapping) -> UInt64 {
        guard let entry = mapping["seed"], let text = entry.text() else { return 1 }
        guard let seed = UInt64(text) else {
            entry.report("seed must be a whole number from 0 to \(UInt64.max); found '\(text.prefix(40))'")
            return 1
        }
        return seed
    }

    private func readDescription(_ mapping: YAMLMapping) -> String {
        guard let entry = mapping["description"], !entry.node.isNull, entry.literal != "" else { return "" }
        return entry.text() ?? ""
    }

    private func readStorage(_ mapping: YAMLMapping) -> (Scenario.RawStorage, Bool?) {
        guard let store = mapping["store"]?.mapping(["raw", "text"], example: "{raw: failed, text: false}") else {
            return (.failed, nil)
        }
        let word = store["raw"]?.choice(Scenario.RawStorage.allCases.map(\.rawValue))
        return (word.flatMap(Scenario.RawStorage.init(rawValue:)) ?? .failed, store["text"]?.flag())
    }

    private func withLimitUnits(_ scenario: Scenario) -> Scenario {
        var scenario = scenario
        for metric in scenario.objectives.map(\.metric) + scenario.budgets.map(\.metric) {
            scenario.limitUnits[metric] = root.context.vocabulary.kind(of: metric)?.unit
        }
        return scenario
    }
}

extension ScenarioReader {
    /// Reads the targets that are to be used, and sorts out those whose key is missing.
    private func readTargets(
        _ mapping: YAMLMapping, _ settings: RequestSettings
    ) -> (configured: [Target], skipped: [String: String]) {
        guard let list = mapping.required("targets", example: "targets: [{simulate: gpt-4o-mini}]"),
            let elements = list.elements("a list of targets, such as [{simulate: gpt-4o-mini}]")
        else { return ([], [:]) }
        let environment = root.context.environment
        let names = elements.map { TargetReader.name(of: $0.node, environment: environment) }
        reportUnknownTargets(among: names.compactMap(\.self))
        var configured: [Target] = []
        var skipped: [String: String] = [:]
        var seen: Set<String> = []
        for (element, name) in zip(elements, names) {
            let isWanted = onlyTargets.isEmpty || name.map(onlyTargets.contains) ?? true
            root.context.toleratesUnsetVariables = !isWanted
            let target = TargetReader(cursor: element).read()
            root.context.toleratesUnsetVariables = false
            guard let target, isWanted else { continue }
            if !seen.insert(target.name).inserted {
                element.report("two targets are named '\(target.name)'; give each a name of its own")
            }
            refuseRelay(of: target.relayOf, named: target.name, among: elements, in: element)
            BodyReader.refuseLength(in: element, besides: root.node["request"])
            RequirementReader.refuse(settings, target, at: element)
            if let flaw = target.flawedSecret(in: environment) {
                root.context.report(keyPlace(of: element), flaw)
            }
            guard let absence = target.missingSecret(in: environment) else {
                configured.append(target)
                continue
            }
            if unconfiguredTargets == .skip {
                skipped[target.name] = absence
            } else {
                reportMissingKey(absence, of: target, in: element)
            }
        }
        refuseOtherWays(configured, settings, list)
        if configured.isEmpty, !skipped.isEmpty {
            list.report("no target is left: the keys of all of them are missing; set at least one")
        }
        return (configured, skipped)
    }

    private func reportUnknownTargets(among names: [String]) {
        for name in onlyTargets where !names.contains(name) {
            root.context.report(
                .argument("--target \(name)"), "no such target; \(EditDistance.advice(for: name, in: names))")
        }
    }

    /// Refuses a relay that is asked for streams where its direct target is asked for whole answers, or the other way.
    private func refuseOtherWays(_ targets: [Target], _ settings: RequestSettings, _ list: YAMLCursor) {
        for target in targets {
            guard let direct = targets.first(where: { $0.name == target.relayOf }),
                direct.streams ?? settings.stream != target.streams ?? settings.stream
            else { continue }
            list.report(
                "'\(target.name)' and '\(direct.name)', which it is another path to, are asked for different things: one for "
                    + "streams, the other for whole answers; give both the same stream")
        }
    }

    /// Refuses a relay of nothing, of itself, or of another relay: what it adds is told beside the direct answers.
    private func refuseRelay(
        of direct: String?, named name: String, among elements: [YAMLCursor], in element: YAMLCursor
    ) {
        guard let direct else { return }
        let place = (element.node["relay_of"] ?? element.node).place
        let environment = root.context.environment
        let others = elements.compactMap { element in
            TargetReader.name(of: element.node, environment: environment).map { (name: $0, node: element.node) }
        }.filter { $0.name != name }
        guard let found = others.first(where: { $0.name == direct }) else {
            let names = others.map(\.name)
            let advice = names.isEmpty ? "there is no other" : EditDistance.advice(for: direct, in: names)
            return root.context.report(
                place,
                "relay_of names the target that '\(name)' is another path to, and '\(direct)' is "
                    + "\(direct == name ? "this one itself" : "none"); \(advice)")
        }
        guard case .scalar(let further, _)? = found.node["relay_of"]?.content else { return }
        root.context.report(
            place,
            "relay_of must name a target that is reached directly, and '\(direct)' is itself another path, to "
                + "'\(further)'; \(further == name ? "leave relay_of out of one of the two" : "write relay_of: \(further)")"
        )
    }

    private func reportMissingKey(_ absence: String, of target: Target, in element: YAMLCursor) {
        root.context.report(
            keyPlace(of: element),
            "\(absence), which target '\(target.name)' needs; provide it, or pass --skip-unconfigured")
    }

    private func keyPlace(of element: YAMLCursor) -> SourcePlace {
        let node = element.node
        return (node["api_key_env"] ?? node["api_key_file"] ?? node["aws"] ?? node).place
    }
}
