import Timeline

/// A stretch of the monotonic clock that is written beside what was done in it.
struct Timing {
    var start: Instant

    func line(_ facts: KeyValuePairs<String, JSONValue>) -> String {
        let seconds = (MonotonicClock.now() - start).milliseconds / 1000
        let members = facts.map { JSONValue.Member($0.key, $0.value) }
        return JSONValue.object(members + [JSONValue.Member("seconds", .number(seconds))]).text
    }
}
