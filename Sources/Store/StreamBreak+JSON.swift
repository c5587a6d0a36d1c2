import Timeline

extension StreamBreak {
    /// The break with its instants counted from the run's start.
    func json(started: Instant) -> JSONValue {
        let instant: (Instant?) -> JSONValue = { $0.map { .integer(Int($0.offset(from: started))) } ?? .null }
        return [
            "id": .string(lastEventID), "broken_ns": instant(broken), "sent_ns": instant(sent),
            "resumed_ns": instant(resumed), "status": status.map { .integer($0) } ?? .null,
            "repeated": .integer(repeated),
        ]
    }

    /// Reads what `json` wrote; nil where it did not.
    init?(json: JSONValue, started: Instant) {
        let instant: (String) -> Instant? = { name in
            json[name]?.integerValue.map { Instant(offset: $0, from: started) }
        }
        guard let identifier = json["id"]?.stringValue, let broken = instant("broken_ns") else { return nil }
        self.init(
            lastEventID: identifier, broken: broken, sent: instant("sent_ns"), resumed: instant("resumed_ns"),
            status: json["status"]?.integerValue, repeated: json["repeated"]?.integerValue ?? 0)
    }
}
