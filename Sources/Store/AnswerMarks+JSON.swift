import Timeline

extension AnswerMarks {
    var json: JSONValue {
        var json: JSONValue = [:]
        if let reading {
            json.merge(
                "reading",
                [
                    "first_sentence": Self.position(reading.firstSentence), "word_count": .integer(reading.wordCount),
                    "first_words": Self.position(reading.firstWords),
                ])
        }
        if let toolCalls { json.merge("tool_calls", .array(toolCalls.map(Self.value))) }
        if let structure {
            let fields = structure.fields.map { field -> JSONValue in
                ["name": .string(field.name), "complete": .integer(field.complete)]
            }
            json.merge("structure", ["fields": .array(fields), "valid": Self.position(structure.valid)])
        }
        return json
    }

    private static func value(of call: ToolCall) -> JSONValue {
        [
            "name": .string(call.name), "start": .integer(call.start), "named": position(call.named),
            "complete": position(call.complete),
        ]
    }

    /// Reads what `json` wrote.
    init(json: JSONValue) {
        self.init()
        toolCalls = json["tool_calls"]?.arrayValue?.map { call in
            ToolCall(
                name: call["name"]?.stringValue ?? "", start: call["start"]?.integerValue ?? 0,
                named: call["named"]?.integerValue, complete: call["complete"]?.integerValue)
        }
        if let value = json["structure"] {
            let fields = (value["fields"]?.arrayValue ?? []).map { field in
                Field(name: field["name"]?.stringValue ?? "", complete: field["complete"]?.integerValue ?? 0)
            }
            structure = Structure(fields: fields, valid: value["valid"]?.integerValue)
        }
        if let value = json["reading"] {
            reading = Reading(
                firstSentence: value["first_sentence"]?.integerValue,
                wordCount: value["word_count"]?.integerValue ?? 0, firstWords: value["first_words"]?.integerValue)
        }
    }

    private static func position(_ index: Int?) -> JSONValue { index.map { .integer($0) } ?? .null }
}

extension ReaderProfile {
    var json: JSONValue {
        ["words": .integer(words), "tokens": .integer(tokens), "speed": .number(speed)]
    }

    /// Reads what `json` wrote; nil where it did not.
    init?(json: JSONValue) {
        guard let words = json["words"]?.integerValue, let tokens = json["tokens"]?.integerValue,
            let speed = json["speed"]?.doubleValue
        else { return nil }
        self.init(words: words, tokens: tokens, speed: speed)
    }
}
