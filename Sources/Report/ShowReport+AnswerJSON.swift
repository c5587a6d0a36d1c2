import Timeline

extension ShowReport {
    /// When parts of an answer were there; null where the run did not ask.
    static func answer(of record: StreamRecord, instant: @escaping (Instant?) -> JSONValue) -> [JSONValue.Member] {
        let arrival = { (event: Int?) -> JSONValue in
            guard let event, record.events.indices.contains(event) else { return .null }
            return instant(record.events[event].arrival)
        }
        let calls = record.answerMarks?.toolCalls?.map { call -> JSONValue in
            [
                "name": .string(call.name), "begun_ms": arrival(call.start), "named_ms": arrival(call.named),
                "complete_ms": arrival(call.complete),
            ]
        }
        let structure = record.answerMarks?.structure
        let fields = structure?.fields.map { field -> JSONValue in
            ["name": .string(field.name), "complete_ms": arrival(field.complete)]
        }
        return [
            JSONValue.Member("tool_calls", calls.map(JSONValue.array) ?? .null),
            JSONValue.Member("fields", fields.map(JSONValue.array) ?? .null),
            JSONValue.Member("valid_json_ms", arrival(structure?.valid)),
        ]
    }
}
