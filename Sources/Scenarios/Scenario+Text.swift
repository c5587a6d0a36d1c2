import Timeline

extension Scenario {
    /// The resolved scenario as YAML, for `--save` and `--print-config`: reading it gives an equal scenario.
    ///
    /// Files are named by absolute paths; keys by the variable or file that holds them.
    package var yaml: String { ScenarioWriter(scenario: self).text }

    /// What is asked for, as 16 hexadecimal digits: the FNV-1a hash of 64 bits over a canonical text.
    ///
    /// Scenarios that send the same requests in the same way and judge them alike are equal in it, whatever their name,
    /// description, comments, order of keys, places of secrets and of files, and what is stored.
    package var hash: String {
        var hash: UInt64 = 0xcbf2_9ce4_8422_2325
        for byte in canonicalText.utf8 { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01b3 }
        let digits = String(hash, radix: 16)
        return String(repeating: "0", count: 16 - digits.count) + digits
    }

    private var canonicalText: String {
        var canonical = self
        canonical.name = "canonical"
        canonical.description = ""
        canonical.storage = .none
        canonical.storesText = nil
        canonical.promptSources = []
        canonical.objectives.sort { ($0.metric, $0.limit) < ($1.metric, $1.limit) }
        canonical.budgets.sort { ($0.key, $0.limit) < ($1.key, $1.limit) }
        for position in canonical.targets.indices {
            canonical.targets[position].key = nil
            canonical.targets[position].awsAccess = nil
            canonical.targets[position].certificateAuthorityFile = nil
            canonical.targets[position].headers.sort { $0.name.lowercased() < $1.name.lowercased() }
            canonical.targets[position].body = canonical.targets[position].body.map(\.sorted)
        }
        let messages = prompts.map { prompt in
            JSONValue.array(prompt.messages.map { ["role": .string($0.role), "content": .string($0.content)] })
        }
        return canonical.yaml + JSONValue.array(messages).text
    }
}

extension JSONValue {
    /// The value with the members of all its objects in alphabetical order.
    fileprivate var sorted: JSONValue {
        switch self {
        case .object(let members):
            .object(members.map { Member($0.name, $0.value.sorted) }.sorted { $0.name < $1.name })
        case .array(let values): .array(values.map(\.sorted))
        default: self
        }
    }
}
