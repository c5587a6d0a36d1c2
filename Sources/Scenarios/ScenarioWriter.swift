import Timeline

/// Writes a resolved scenario as YAML: every key, every default, no secret.
struct ScenarioWriter {
    let scenario: Scenario

    var text: String {
        var lines: [String] = []
        lines.append("name: \(YAMLText.scalar(scenario.name))")
        if !scenario.description.isEmpty { lines.append("description: \(YAMLText.scalar(scenario.description))") }
        lines.append("seed: \(scenario.seed)")
        lines.append("targets:")
        for target in scenario.targets where target.wholeOf == nil { lines += Self.item(Self.members(of: target)) }
        lines.append("order: \(scenario.isInterleaved ? "interleaved" : "sequential")")
        if !scenario.promptSources.isEmpty { lines.append("prompts:") }
        for source in scenario.promptSources { lines += Self.item([Self.member(of: source)]) }
        lines += requestLines
        if let file = scenario.tokenizer { lines.append("tokenizer: \(Self.tokenizer(file))") }
        lines += loadLines
        lines.append("timeouts: \(timeouts)")
        lines.append("retries: \(scenario.retries)")
        if let plan = scenario.cancellation { lines.append("cancel: \(Self.cancellation(plan))") }
        if let plan = scenario.serverMetrics { lines.append("server_metrics: \(Self.serverMetrics(plan))") }
        if let limit = scenario.maxCost { lines.append("max_cost: \(YAMLText.number(limit))") }
        lines.append("max_error_rate: \(YAMLText.number(scenario.maxErrorRate))")
        lines += limitLines
        var store = [("raw", scenario.storage.rawValue)]
        if let storesText = scenario.storesText { store.append(("text", storesText ? "true" : "false")) }
        lines.append("store: \(YAMLText.flow(store))")
        return lines.joined(separator: "\n") + "\n"
    }

    private static func tokenizer(_ file: TokenizerFile) -> String {
        let pattern = file.pattern.map { [("pattern", $0)] } ?? []
        return YAMLText.flow([("file", YAMLText.scalar(file.name))] + pattern)
    }

    private static func price(_ price: TokenPrice) -> String {
        let cached = price.cachedInput.map { [("cached_input", YAMLText.number($0))] } ?? []
        return YAMLText.flow(
            [("input", YAMLText.number(price.input))] + cached + [("output", YAMLText.number(price.output))])
    }

    private static func cancellation(_ plan: CancellationPlan) -> String {
        let point =
            switch plan.point {
            case .tokens(let count): ("tokens", "\(count)")
            case .time(let length): ("seconds", YAMLText.number(length.seconds))
            }
        return YAMLText.flow([("share", YAMLText.number(plan.share)), ("after", YAMLText.flow([point]))])
    }

    private static func serverMetrics(_ plan: ServerMetricsPlan) -> String {
        var members = [("url", YAMLText.scalar(plan.url)), ("interval", DurationText.write(plan.interval))]
        if plan.gauges != ServerMetricsPlan.slotGauges {
            members.append(("gauge", "[\(plan.gauges.map(YAMLText.quoted).joined(separator: ", "))]"))
        }
        return YAMLText.flow(members)
    }

    private static func item(_ members: [(String, String)]) -> [String] {
        members.enumerated().map { position, member in "  \(position == 0 ? "-" : " ") \(member.0): \(member.1)" }
    }

    private static func members(of target: Target) -> [(String, String)] {
        var members = [("name", YAMLText.scalar(target.name)), ("api", YAMLText.scalar(target.api))]
        if let script = target.simulation {
            members.append(("simulate", simulation(script)))
        } else {
            members.append(("base_url", YAMLText.scalar(target.baseURL)))
        }
        members.append(("model", YAMLText.scalar(target.model)))
        switch target.key {
        case .environment(let name): members.append(("api_key_env", YAMLText.quoted(name)))
        case .file(let path): members.append(("api_key_file", YAMLText.quoted(path)))
        case nil: break
        }
        if let access = target.awsAccess { members.append(("aws", aws(access))) }
        if !target.headers.isEmpty {
            let fields = target.headers.map { (YAMLText.quoted($0.name), YAMLText.scalar($0.value)) }
            members.append(("headers", YAMLText.flow(fields)))
        }
        if let body = target.body { members.append(("body", YAMLText.flow(body))) }
        members.append(("http", YAMLText.quoted(target.httpVersion.rawValue)))
        members.append(("connections", target.connections.rawValue))
        if let streams = target.streams { members.append(("stream", streams ? "true" : "false")) }
        if let direct = target.relayOf { members.append(("relay_of", YAMLText.quoted(direct))) }
        if let count = target.maxConnections { members.append(("max_connections", "\(count)")) }
        if let price = target.price { members.append(("price", Self.price(price))) }
        if target.reconnects { members.append(("reconnect", "true")) }
        if let file = target.certificateAuthorityFile { members.append(("ca_file", YAMLText.scalar(file))) }
        return members
    }

    private static func aws(_ access: AWSAccess) -> String {
        var members = [
            ("access_key_env", YAMLText.quoted(access.accessKeyVariable)),
            ("secret_key_env", YAMLText.quoted(access.secretKeyVariable)),
        ]
        if let name = access.sessionTokenVariable { members.append(("session_token_env", YAMLText.quoted(name))) }
        return YAMLText.flow(members + [("region", YAMLText.quoted(access.region))])
    }

    private static func simulation(_ script: StreamScript) -> String {
        var members = [
            ("ttft", DurationText.write(script.timeToFirstToken)), ("gap", DurationText.write(script.gap)),
            ("tokens", "\(script.tokens)"), ("tokens_per_event", "\(script.tokensPerEvent)"),
            ("jitter", YAMLText.number(script.jitter)), ("reasoning_tokens", "\(script.reasoningTokens)"),
        ]
        if script.hidesReasoning { members.append(("hidden_reasoning", "true")) }
        if script.stallEvery > 0 {
            let stall = [("every", "\(script.stallEvery)"), ("length", DurationText.write(script.stallLength))]
            members.append(("stall", YAMLText.flow(stall)))
        }
        if let interval = script.commentInterval { members.append(("comments", DurationText.write(interval))) }
        if script.sendsEventIDs { members.append(("event_ids", "true")) }
        if let pause = script.reconnectAfter { members.append(("reconnect_after", DurationText.write(pause))) }
        if script.burst > 0 { members.append(("burst", "\(script.burst)")) }
        if let length = script.buffering { members.append(("buffering", DurationText.write(length))) }
        if script.cachedTokens > 0 { members.append(("cached_tokens", "\(script.cachedTokens)")) }
        if script.modelChangesEvery > 0 { members.append(("model_changes_every", "\(script.modelChangesEvery)")) }
        if let length = script.disconnectDelay { members.append(("disconnect_delay", DurationText.write(length))) }
        if script.reportsTiming { members.append(("server_timing", "true")) }
        if let fault = script.fault {
            members += [("fault", YAMLText.scalar(fault)), ("fault_every", "\(script.faultEvery)")]
        }
        return YAMLText.flow(members)
    }

    private static func member(of source: PromptSource) -> (String, String) {
        switch source {
        case .text(let text): ("text", YAMLText.scalar(text))
        case .file(let path): ("file", YAMLText.scalar(path))
        case .synthetic(let words, let count):
            ("synthetic", YAMLText.flow([("words", "\(words)"), ("count", "\(count)")]))
        }
    }
}

extension ScenarioWriter {
    private var requestLines: [String] {
        var lines = ["request:"]
        switch scenario.request.outputLength {
        case .atMost(let count): lines.append("  max_output_tokens: \(count)")
        case .exactly(let count): lines.append("  output_tokens: {exact: \(count)}")
        case nil: break
        }
        if let temperature = scenario.request.temperature {
            lines.append("  temperature: \(YAMLText.number(temperature))")
        }
        lines += requirementLines
        let isBoth = scenario.targets.contains { $0.wholeOf != nil }
        return lines + ["  stream: \(isBoth ? "both" : "\(scenario.request.stream)")"] + readerLines
    }

    private var requirementLines: [String] {
        let request = scenario.request
        var lines: [String] = []
        if !request.tools.isEmpty {
            let tools = request.tools.map { tool -> JSONValue in
                var value: JSONValue = ["name": .string(tool.name)]
                if let description = tool.description { value.merge("description", .string(description)) }
                value.merge("parameters", tool.parameters)
                return value
            }
            lines.append("  tools: \(YAMLText.flow(.array(tools)))")
        }
        if let choice = request.toolChoice { lines.append("  tool_choice: \(YAMLText.scalar(choice.rawValue))") }
        if let format = request.answerSchema {
            let members: JSONValue = ["name": .string(format.name), "schema": format.schema]
            lines.append("  response_format: \(YAMLText.flow(members))")
        }
        return lines
    }

    private var readerLines: [String] {
        guard let reader = scenario.reader else { return [] }
        let members = [
            ("words", "\(reader.words)"), ("tokens", "\(reader.tokens)"), ("speed", YAMLText.number(reader.speed)),
        ]
        return ["reader: \(YAMLText.flow(members))"]
    }

    private var loadLines: [String] {
        var lines = ["load:"]
        switch scenario.load {
        case .closed(let concurrency): lines.append("  closed: {concurrency: \(concurrency)}")
        case .open(let rate, let arrivals):
            lines.append("  open: {rate: \(YAMLText.number(rate)), arrivals: \(arrivals.rawValue)}")
        }
        switch scenario.amount {
        case .requests(let count): lines.append("  requests: \(count)")
        case .duration(let length): lines.append("  duration: \(DurationText.write(length))")
        }
        if let warmup = scenario.warmup { lines.append("  warmup: {requests: \(warmup)}") }
        return lines
    }

    private var timeouts: String {
        let timeouts = scenario.timeouts
        let members = [
            ("connect", timeouts.connect), ("headers", timeouts.headers), ("first_token", timeouts.firstToken),
            ("stall", timeouts.stall), ("total", timeouts.total),
        ]
        return YAMLText.flow(members.map { ($0, DurationText.write($1)) })
    }

    private var limitLines: [String] {
        var lines: [String] = []
        if !scenario.objectives.isEmpty {
            let limits = scenario.objectives.map { (YAMLText.scalar($0.metric), limit($0.limit, of: $0.metric)) }
            lines.append("slo: \(YAMLText.flow(limits))")
        }
        if !scenario.budgets.isEmpty {
            let limits = scenario.budgets.map { (YAMLText.scalar($0.key), limit($0.limit, of: $0.metric)) }
            lines.append("budgets: \(YAMLText.flow(limits))")
        }
        return lines
    }

    private func limit(_ value: Double, of metric: String) -> String {
        scenario.limitUnits[metric] == .milliseconds
            ? DurationText.write(Nanoseconds(milliseconds: value)) : YAMLText.number(value)
    }
}
