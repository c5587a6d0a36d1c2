import Timeline

/// The instants of an attempt in the order in which they pass, counted from `sent`, else from `planned`.
struct RequestPhases {
    let instants: [(name: String, milliseconds: Double)]

    init(_ record: StreamRecord) {
        let origin = record.sent ?? record.planned
        let contents = record.events.filter(\.kind.isContent)
        let named: [(String, Instant?)] = [
            ("planned", record.planned), ("pause ended", record.retryWait?.due), ("dispatched", record.dispatched),
            ("sent", record.sent),
            ("first byte", record.firstByte), ("headers complete", record.headersComplete),
            ("first content", contents.first?.arrival), ("last content", contents.last?.arrival),
            ("terminal event", record.terminal), ("closed", record.closed),
        ]
        instants = named.compactMap { name, instant in
            instant.map { (name: name, milliseconds: ($0 - origin).milliseconds) }
        }
    }
}
