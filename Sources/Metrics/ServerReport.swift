import Timeline

/// What a server said of its own timing, as lengths that the client's can be held against.
///
/// Both are durations, so no clocks need agree; the client's contain the network as well, and can never be shorter.
struct ServerReport: Sendable, Equatable {
    struct Length: Sendable, Equatable {
        var milliseconds: Double
        /// By how much the server may have rounded it up, in milliseconds.
        var resolution: Double
    }

    /// Until the first token: queue, loading and prompt, as far as the server tells them.
    var firstToken: Length?
    /// Until the last token.
    var total: Length?
    /// Until the response's headers.
    var headers: Length?

    /// Reads the report of an attempt; nil where the server gave none that is known.
    init?(_ record: StreamRecord) {
        if let timings = record.serverTimings {
            readLlamaServer(timings["timings"])
            readVLLM(timings["metrics"])
            readBedrock(timings["metrics"])
            // Groq's and Cerebras' are in seconds, and Groq's total leaves out the queue.
            readSeconds(timings["x_groq"]?["usage"] ?? timings["usage"], totalHasQueue: false)
            readSeconds(timings["time_info"], totalHasQueue: true)
            readOllama(timings)
        }
        readHeaders(record.responseHeaders)
        firstToken = Self.plausible(firstToken)
        total = Self.plausible(total)
        headers = Self.plausible(headers)
        if firstToken == nil, total == nil, headers == nil { return nil }
    }

    /// A length that a server can have measured; nil for more than eleven days, which it has made up.
    private static func plausible(_ length: Length?) -> Length? {
        length.flatMap { $0.milliseconds <= 1e9 ? $0 : nil }
    }

    private static let microsecond = 0.001

    /// The `timings` of llama.cpp, in milliseconds; the queue is in none of them.
    private mutating func readLlamaServer(_ timings: JSONValue?) {
        guard let prompt = Self.length(timings?["prompt_ms"]) else { return }
        firstToken = Length(milliseconds: prompt, resolution: Self.microsecond)
        guard let decode = Self.length(timings?["predicted_ms"]) else { return }
        total = Length(milliseconds: prompt + decode, resolution: Self.microsecond)
    }

    /// The `metrics` of vLLM; its time to first token counts from when the request was scheduled.
    private mutating func readVLLM(_ metrics: JSONValue?) {
        guard let scheduled = Self.length(metrics?["time_to_first_token_ms"]) else { return }
        let queue = Self.length(metrics?["queue_time_ms"]) ?? 0
        firstToken = Length(milliseconds: queue + scheduled, resolution: Self.microsecond)
    }

    /// The `metrics` of Bedrock.
    private mutating func readBedrock(_ metrics: JSONValue?) {
        guard let latency = Self.length(metrics?["latencyMs"]) else { return }
        total = Length(milliseconds: latency, resolution: 1)
    }

    private mutating func readSeconds(_ times: JSONValue?, totalHasQueue: Bool) {
        guard let times else { return }
        let queue = Self.length(times["queue_time"]) ?? 0
        if let prompt = Self.length(times["prompt_time"]) {
            firstToken = Length(milliseconds: 1000 * (queue + prompt), resolution: Self.microsecond)
        }
        if let whole = Self.length(times["total_time"]) {
            let waited = totalHasQueue ? 0 : queue
            total = Length(milliseconds: 1000 * (waited + whole), resolution: Self.microsecond)
        }
    }

    /// The durations of Ollama's last line, in nanoseconds; those that are 0 are left out.
    private mutating func readOllama(_ timings: JSONValue) {
        var places = [timings]
        if case .object(let members) = timings { places += members.map(\.value) }
        guard let line = places.first(where: { $0["total_duration"] != nil }),
            let whole = Self.length(line["total_duration"])
        else { return }
        let parts = ["load_duration", "prompt_eval_duration"].compactMap { Self.length(line[$0]) }
        total = Length(milliseconds: whole / 1e6, resolution: Self.microsecond)
        if !parts.isEmpty {
            firstToken = Length(milliseconds: parts.reduce(0, +) / 1e6, resolution: Self.microsecond)
        }
    }

    private mutating func readHeaders(_ fields: [HeaderField]) {
        for field in fields {
            switch field.name.lowercased() {
            case "openai-processing-ms", "x-envoy-upstream-service-time":
                Self.lengthen(&headers, to: Double(field.value))
            // TGI gives it on routes without a stream only.
            case "x-total-time": if total == nil { Self.lengthen(&total, to: Double(field.value)) }
            case "server-timing":
                // Google's front end stamps its headers; of others it is not known what they end with.
                for entry in Self.serverTimings(field.value) where entry.name == "gfet4t7" {
                    Self.lengthen(&headers, to: entry.length)
                }
            default: break
            }
        }
    }

    private static func lengthen(_ length: inout Length?, to milliseconds: Double?) {
        guard let milliseconds, milliseconds.isFinite, milliseconds >= 0 else { return }
        length = Length(milliseconds: max(milliseconds, length?.milliseconds ?? 0), resolution: 1)
    }

    /// Splits `name;dur=12.3, other;desc="x";dur=4` (W3C Server Timing) into names and milliseconds.
    private static func serverTimings(_ text: String) -> [(name: String, length: Double)] {
        text.split(separator: ",").compactMap { entry in
            let parts = entry.split(separator: ";").map { $0.drop { $0 == " " } }
            let length = parts.dropFirst().first { $0.lowercased().hasPrefix("dur=") }.flatMap {
                Double($0.dropFirst(4))
            }
            return parts.first.flatMap { name in length.map { (String(name), $0) } }
        }
    }

    /// A length is a number that is not negative; anything else is not taken for one.
    private static func length(_ value: JSONValue?) -> Double? {
        value?.doubleValue.flatMap { $0.isFinite && $0 >= 0 ? $0 : nil }
    }
}
