import Timeline

/// Reads a target's `body`, and refuses what carries a secret or would make untrue what is stored of a request.
struct BodyReader {
    let cursor: YAMLCursor
    let api: String

    /// Reads the members; nil, and a problem, where they are no mapping or a variable in them is missing.
    func read() -> JSONValue? {
        guard case .mapping = cursor.node.content else {
            cursor.refuse("a mapping such as {service_tier: default}")
            return nil
        }
        let body = cursor.json()
        if let body { refuseSecrets(in: cursor, value: body) }
        refuseOwnMembers()
        return body
    }

    /// Goes through the text and its value side by side: the one knows the places, the other what variables hold.
    private func refuseSecrets(in cursor: YAMLCursor, value: JSONValue) {
        switch value {
        case .object(let values):
            for ((key, member), value) in zip(cursor.members("a mapping") ?? [], values.map(\.value)) {
                // A schema may well describe a member of the name; it does not hold the member's value.
                if case .object = value {
                } else if SecretSigns.isName(key) {
                    cursor.context.report(
                        member.keyPlace, "'\(key)' in \(cursor.path) \(SecretSigns.nameAdvice)")
                    continue
                }
                refuseSecrets(in: member, value: value)
            }
        case .array(let values):
            guard !values.isEmpty else { return }
            for (element, value) in zip(cursor.elements("a list") ?? [], values) {
                refuseSecrets(in: element, value: value)
            }
        case .string(let text) where SecretSigns.isValueInProse(text):
            cursor.report("\(cursor.path) seems to hold a secret; \(SecretSigns.advice)")
        default: break
        }
    }

    private func refuseOwnMembers() {
        for (key, member) in cursor.members("a mapping") ?? [] {
            let remedy: String
            switch key {
            case "model": remedy = "give it as the target's model"
            case "stream": remedy = "give it as request: {stream: …}"
            case _ where Self.promptMembers(of: api).contains(key): remedy = "give it under prompts"
            default: continue
            }
            cursor.context.report(
                member.keyPlace, "'\(key)' in \(cursor.path) would replace what the tool sends; \(remedy)")
        }
    }

    /// The members in which requests of an API carry the prompt.
    private static func promptMembers(of api: String) -> Set<String> {
        switch api {
        case "openai-completions", "llama-cpp": ["prompt"]
        case "openai-responses": ["input"]
        case "gemini": ["contents"]
        case "ollama": ["messages", "prompt"]
        case "tgi": ["inputs"]
        default: ["messages"]
        }
    }
}

extension BodyReader {
    /// Where requests of the APIs carry the most tokens that are wanted.
    private static let lengthMembers = [
        ["max_tokens"], ["max_completion_tokens"], ["max_output_tokens"], ["n_predict"],
        ["generationConfig", "maxOutputTokens"], ["inferenceConfig", "maxTokens"], ["options", "num_predict"],
        ["parameters", "max_new_tokens"],
    ]

    /// Refuses another output length than the one that `request` asks for, which is what is stored.
    static func refuseLength(in target: YAMLCursor, besides request: YAMLNode?) {
        guard let key = ["max_output_tokens", "output_tokens"].first(where: { request?[$0] != nil }) else { return }
        for names in lengthMembers {
            let node = names.reduce(target.node["body"]) { $0?[$1] }
            guard let node else { continue }
            target.context.report(
                node.place,
                "'\(names.joined(separator: "."))' in \(target.path).body would replace request.\(key); keep one of them"
            )
        }
    }
}
