package import Timeline

extension RateLimits {
    /// Reads the headers of a response; nil where they say nothing of limits.
    ///
    /// The response's own `Date` stands for the present, so that the two machines' clocks need not agree; where a server
    /// sends none, this machine's wall clock has to do, which is right for responses that have just come. `now` stands
    /// for that clock, in seconds since 1970.
    package init?(headers: [HeaderField], now: Double? = nil) {
        var limits = RateLimits()
        var values: [String: String] = [:]
        for header in headers {
            let name = header.name.lowercased()
            values[name] = values[name] ?? header.value
        }
        let date =
            values["date"].flatMap(WallClockText.seconds(httpDate:)) ?? now
            ?? Double(MonotonicClock.wallClockLabel()) / 1e9
        limits.retryAfter =
            values["retry-after-ms"].flatMap { DecimalText.number($0) }.map { Self.length(seconds: $0 / 1000) }
            ?? values["retry-after"].flatMap { Self.wait($0, date: date) }
        switch values["x-should-retry"]?.lowercased() {
        case "true": limits.shouldRetry = true
        case "false": limits.shouldRetry = false
        default: break
        }
        for header in headers { limits.takeAllowance(header, date: date) }
        guard limits != RateLimits() else { return nil }
        self = limits
    }

    private static let families = [
        "anthropic-ratelimit-", "x-ratelimit-", "x-ratelimitbysize-", "ratelimitbysize-",
        "ratelimit-",
    ]

    /// Takes a header such as `x-ratelimit-remaining-tokens` or `anthropic-ratelimit-tokens-remaining`.
    private mutating func takeAllowance(_ header: HeaderField, date: Double) {
        let name = header.name.lowercased()
        guard let family = Self.families.first(where: { name.hasPrefix($0) }) else { return }
        var words = name.dropFirst(family.count).split(separator: "-")
        guard let place = words.firstIndex(where: { ["limit", "remaining", "reset"].contains($0) }) else { return }
        let kind = words.remove(at: place)
        let number = DecimalText.number(header.value)
        let reset = kind == "reset" ? Self.reset(header.value, date: date) : nil
        guard number != nil || reset != nil else { return }
        let subject = words.joined(separator: "-")
        let position = allowances.firstIndex { $0.name == subject } ?? allowances.count
        if position == allowances.count { allowances.append(Allowance(name: subject)) }
        switch kind {
        case "limit": allowances[position].limit = number.flatMap { Int(exactly: $0.rounded(.down)) }
        case "remaining": allowances[position].remaining = number.flatMap { Int(exactly: $0.rounded(.down)) }
        default: allowances[position].reset = reset
        }
    }

    /// Reads `retry-after`: seconds, or an HTTP date.
    private static func wait(_ text: String, date: Double) -> Nanoseconds? {
        if let seconds = DecimalText.number(text) { return length(seconds: seconds) }
        guard let due = WallClockText.seconds(httpDate: text) else { return nil }
        return length(seconds: due - date)
    }

    /// Reads a reset, for which every provider has a form of its own: seconds, seconds or milliseconds since 1970,
    /// lengths such as `6m0.5s`, and dates.
    private static func reset(_ text: String, date: Double) -> Nanoseconds? {
        if let number = DecimalText.number(text) {
            guard number >= 1e9 else { return length(seconds: number) }
            return length(seconds: (number >= 1e12 ? number / 1000 : number) - date)
        }
        if let seconds = seconds(ofLength: text) { return length(seconds: seconds) }
        guard let due = WallClockText.seconds(internetDate: text) ?? WallClockText.seconds(httpDate: text) else {
            return nil
        }
        return length(seconds: due - date)
    }

    /// Reads a length as Go writes it, such as `1h2m3.5s` or `120ms`.
    private static func seconds(ofLength text: String) -> Double? {
        let units = ["d": 86_400, "h": 3600, "m": 60, "s": 1, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9]
        var rest = Substring(text)
        var total = 0.0
        while !rest.isEmpty {
            let digits = rest.prefix { $0.isNumber || $0 == "." }
            rest = rest.dropFirst(digits.count)
            let unit = rest.prefix { $0.isLetter }
            rest = rest.dropFirst(unit.count)
            guard !digits.isEmpty, let number = DecimalText.number(digits), let factor = units[String(unit)] else {
                return nil
            }
            total += number * factor
        }
        return text.isEmpty ? nil : total
    }

    /// What lies in the past is due now, and what lies beyond a year is as far away as a year.
    private static func length(seconds: Double) -> Nanoseconds {
        .seconds(min(max(0, seconds), longestWait.seconds))
    }
}
