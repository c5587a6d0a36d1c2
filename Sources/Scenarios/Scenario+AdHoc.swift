package import Timeline

extension Scenario {
    /// What a command line without a scenario file says about its one target and load.
    package struct AdHocOptions: Sendable {
        package var url: String
        package var model: String
        package var api: String
        package var key: Target.KeySource?
        package var concurrency: Int
        /// Measured ones.
        package var requests: Int
        package var maxOutputTokens: Int
        /// Nil asks the built-in prompt.
        package var prompt: String?

        package init(
            url: String, model: String, api: String = "openai-chat", key: Target.KeySource? = nil, concurrency: Int = 1,
            requests: Int = 30, maxOutputTokens: Int = 128, prompt: String? = nil
        ) {
            self.url = url
            self.model = model
            self.api = api
            self.key = key
            self.concurrency = concurrency
            self.requests = requests
            self.maxOutputTokens = maxOutputTokens
            self.prompt = prompt
        }

        /// As many as are in flight at once and at least 10, yet never more than are measured.
        var warmup: Int { min(max(concurrency, 10), requests) }
    }

    /// Refuses a URL that no scenario may hold, such as one with a password, before anybody connects to it.
    package static func check(url: String) throws(ScenarioError) {
        do { _ = try BaseURL.tidy(url) } catch {
            throw .invalid([ScenarioProblem(.argument("URL"), error.message)])
        }
    }

    /// Creates the scenario that `ttft run URL` implies: one target, a closed loop, a warm-up; its text is its `yaml`.
    ///
    /// It is checked like a file, and problems name the argument that they come from.
    package static func adHoc(
        _ options: AdHocOptions, overrides: [String] = [], environment: [String: String],
        vocabulary: ScenarioVocabulary
    ) throws(ScenarioError) -> Scenario {
        let context = ReadingContext(environment: environment, vocabulary: vocabulary, folder: folder(of: "here"))
        var root = options.node
        for override in overrides { Override(override, context: context)?.apply(to: &root) }
        let reader = ScenarioReader(
            root: YAMLCursor(root: root, context: context), unconfiguredTargets: .refuse, onlyTargets: [])
        var scenario = try reader.read(named: "ad-hoc")
        scenario.overrides = overrides
        scenario.fileName = "command line"
        scenario.sourceText = scenario.yaml
        return scenario
    }
}

extension Scenario.AdHocOptions {
    /// The options as the text of a scenario would say them; texts are protected from substitution.
    fileprivate var node: YAMLNode {
        var target = [
            member("base_url", url, "URL"), member("model", model, "--model"), member("api", api, "--api"),
        ]
        switch key {
        case .environment(let name): target.append(member("api_key_env", name, "--key-env", isSecret: true))
        case .file(let path): target.append(member("api_key_file", path, "--api-key-file", isSecret: true))
        case nil: break
        }
        let load = [
            mapping("closed", [member("concurrency", "\(concurrency)", "--concurrency")], "--concurrency"),
            member("requests", "\(requests)", "--requests"),
            mapping("warmup", [member("requests", "\(warmup)", "--requests")], "--requests"),
        ]
        var root = [
            list("targets", target, "URL"),
            mapping(
                "request", [member("max_output_tokens", "\(maxOutputTokens)", "--max-tokens")],
                "--max-tokens"),
            mapping("load", load, "--concurrency"),
        ]
        if let prompt { root.append(list("prompts", [member("text", prompt, "--prompt")], "--prompt")) }
        return YAMLNode(.mapping(root), at: .argument("URL"))
    }

    private func member(_ key: String, _ text: String, _ name: String, isSecret: Bool = false) -> YAMLNode.Member {
        let written = isSecret ? text : EnvironmentSubstitution.protect(text)
        let value = YAMLNode(.scalar(written, isPlain: false), at: .argument(name))
        return YAMLNode.Member(key: key, keyPlace: .argument(name), value: value)
    }

    private func mapping(_ key: String, _ members: [YAMLNode.Member], _ name: String) -> YAMLNode.Member {
        YAMLNode.Member(key: key, keyPlace: .argument(name), value: YAMLNode(.mapping(members), at: .argument(name)))
    }

    private func list(_ key: String, _ members: [YAMLNode.Member], _ name: String) -> YAMLNode.Member {
        let element = YAMLNode(.mapping(members), at: .argument(name))
        return YAMLNode.Member(
            key: key, keyPlace: .argument(name), value: YAMLNode(.sequence([element]), at: .argument(name)))
    }
}
