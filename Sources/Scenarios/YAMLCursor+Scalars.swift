import Timeline

extension YAMLCursor {
    /// The scalar that stands here with the environment's values in it; nil, and a problem, where there is none.
    private func scalar(_ expectation: String) -> String? {
        guard case .scalar(let text, _) = node.content, !node.isNull else {
            refuse(expectation)
            return nil
        }
        return completed(text)
    }

    /// A text with the environment's values in it; nil, and a problem, where one is missing.
    private func completed(_ text: String) -> String? {
        do {
            return try EnvironmentSubstitution(environment: context.environment).complete(text)
        } catch {
            switch error {
            case .unset(let name):
                if !context.toleratesUnsetVariables {
                    report("\(subject): the variable \(name) is not set; set it, or write ${\(name):-default}")
                }
            case .malformed:
                report("\(subject): '${' must begin ${NAME} or ${NAME:-default}; write $${ for the characters ${")
            case .secret(let name):
                report(
                    "\(subject): \(name) seems to hold a secret, which would be stored with the run; "
                        + "name it in api_key_env instead")
            }
            return nil
        }
    }

    /// A text that is not empty.
    func text() -> String? {
        guard let text = scalar("text") else { return nil }
        guard !text.isEmpty else {
            report("\(subject) must not be empty")
            return nil
        }
        return text
    }

    /// The raw characters of a scalar in which nothing is substituted; nil, and no problem, where there is none.
    var literal: String? {
        guard case .scalar(let text, _) = node.content, !node.isNull else { return nil }
        return text
    }

    /// One of a few words.
    func choice(_ allowed: [String]) -> String? {
        guard let text = scalar("one of \(allowed.joined(separator: ", "))") else { return nil }
        guard allowed.contains(text) else {
            report("\(subject): unknown value '\(text)'; \(EditDistance.advice(for: text, in: allowed))")
            return nil
        }
        return text
    }

    func flag() -> Bool? {
        let expectation = "true or false"
        guard let text = scalar(expectation) else { return nil }
        switch text {
        case "true": return true
        case "false": return false
        default:
            refuse(text, expectation)
            return nil
        }
    }

    /// A whole number in a range.
    func integer(_ range: ClosedRange<Int>) -> Int? {
        let expectation = "a whole number from \(range.lowerBound) to \(range.upperBound)"
        guard let text = scalar(expectation) else { return nil }
        guard let value = Int(text), range.contains(value) else {
            refuse(text, expectation)
            return nil
        }
        return value
    }

    /// A number in a range.
    func number(_ range: ClosedRange<Double>, _ expectation: String) -> Double? {
        guard let text = scalar(expectation) else { return nil }
        guard let value = Double(decimal: text), range.contains(value) else {
            refuse(text, expectation)
            return nil
        }
        return value
    }

    /// A century: sums of durations stay far from overflowing.
    private static let longestDuration = Nanoseconds.seconds(3_155_760_000)

    /// A duration of at least a nanosecond, or of at least none.
    func duration(allowsZero: Bool = false) -> Nanoseconds? {
        let expectation = "a duration with a unit, such as 450ms, 1.5s or 2m"
        guard let text = scalar(expectation) else { return nil }
        switch DurationText.read(text) {
        case .length(let length):
            guard length > .zero || allowsZero else {
                report("\(subject) must be longer than nothing; found '\(text)'")
                return nil
            }
            guard length <= Self.longestDuration else {
                report("\(subject) must be at most \(DurationText.write(Self.longestDuration)); found '\(text)'")
                return nil
            }
            return length
        case .bareNumber:
            report("\(subject) needs a unit; write \(text)ms or \(text)s instead of \(text)")
        case .notADuration:
            refuse(text, expectation)
        }
        return nil
    }

    private func refuse(_ text: String, _ expectation: String) {
        report("\(subject) must be \(expectation); found '\(text.prefix(40))'")
    }
}

extension YAMLCursor {
    /// The node as JSON: plain scalars by the rules of YAML 1.2's JSON schema, quoted ones as strings.
    func json() -> JSONValue? {
        switch node.content {
        case .scalar(let text, let isPlain):
            if node.isNull { return .null }
            guard let text = completed(text) else { return nil }
            return isPlain ? JSONValue(plainScalar: text) : .string(text)
        case .sequence(let nodes):
            if nodes.isEmpty { return .array([]) }
            let values = elements("a list")?.map { $0.json() } ?? []
            return values.contains(nil) ? nil : .array(values.compactMap(\.self))
        case .mapping:
            let members = members("a mapping")?.map { ($0.key, $0.cursor.json()) } ?? []
            guard !members.contains(where: { $0.1 == nil }) else { return nil }
            return .object(members.compactMap { key, value in value.map { JSONValue.Member(key, $0) } })
        }
    }
}

extension JSONValue {
    fileprivate init(plainScalar text: String) {
        switch text {
        case "true": self = .bool(true)
        case "false": self = .bool(false)
        default:
            if let value = Int(text), text.first != "+" {
                self = .integer(value)
            } else if let value = Double(decimal: text), text.contains(where: \.isNumber) {
                self = .number(value)
            } else {
                self = .string(text)
            }
        }
    }
}

extension Double {
    /// Reads a finite decimal number, such as `0.5` or `1e3`; nil for anything else that `Double` would take.
    init?(decimal text: String) {
        guard text.allSatisfy({ $0.isASCII && ($0.isNumber || "+-.eE".contains($0)) }), let value = Double(text),
            value.isFinite
        else { return nil }
        self = value
    }
}
