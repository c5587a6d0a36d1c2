import Glibc
package import Timeline

/// Takes a run's secrets out of what is about to be stored or printed, since a server may send back the key that it was given.
///
/// A secret of fewer than `leastLength` bytes is none, and is left: keys such as `EMPTY`, which local servers ask for,
/// are words of ordinary texts. A secret that a stream spells over several events is not recognised.
package struct Redaction {
    static let leastLength = 8
    /// What stands where a secret stood.
    package static let mark = Array("***".utf8)
    /// A cut that leaves fewer bytes of a secret than this tells nothing.
    private static let leastRemainder = 6

    /// The secrets in every form in which servers write them, the longest first.
    private let forms: [[UInt8]]

    package init(secrets: [String]) {
        let written = secrets.filter { $0.utf8.count >= Self.leastLength }.flatMap { secret -> [String] in
            let quoted = String(JSONValue.string(secret).text.dropFirst().dropLast())
            let base64 = Base64Form.all(of: secret)
            return [secret, quoted, Self.slashed(quoted), Self.percentEncoded(secret, isUppercase: true)]
                + [Self.percentEncoded(secret, isUppercase: false)] + base64 + base64.map(Self.slashed)
        }
        forms = Set(written).sorted { ($1.utf8.count, $0) < ($0.utf8.count, $1) }.map { Array($0.utf8) }
    }

    /// A record without the secrets in anything that came from the server.
    package func record(_ record: StreamRecord) -> StreamRecord {
        guard !forms.isEmpty else { return record }
        var record = record
        record.outcome.detail = record.outcome.detail.map(text)
        record.outcome.message = record.outcome.message.map(text)
        record.responseHeaders = record.responseHeaders.map { HeaderField(text($0.name), text($0.value)) }
        record.finishReason = record.finishReason.map(text)
        record.servedModel = record.servedModel.map(text)
        record.systemFingerprint = record.systemFingerprint.map(text)
        record.responseID = record.responseID.map(text)
        record.upstreamProvider = record.upstreamProvider.map(text)
        if var limits = record.rateLimits {
            for index in limits.allowances.indices {
                limits.allowances[index].name = text(limits.allowances[index].name)
            }
            record.rateLimits = limits
        }
        record.serverTimings = record.serverTimings.map(value)
        record.warnings = record.warnings.map(text)
        if let identifier = record.reconnection?.lastEventID { record.reconnection?.lastEventID = text(identifier) }
        for index in record.breaks.indices {
            record.breaks[index].lastEventID = text(record.breaks[index].lastEventID)
        }
        redactMarks(of: &record)
        redactBody(of: &record)
        for index in record.events.indices { record.events[index].text = record.events[index].text.map(text) }
        return record
    }

    private func redactMarks(of record: inout StreamRecord) {
        guard var marks = record.answerMarks else { return }
        marks.toolCalls = marks.toolCalls?.map { call in
            var call = call
            call.name = text(call.name)
            return call
        }
        if let fields = marks.structure?.fields {
            marks.structure?.fields = fields.map { AnswerMarks.Field(name: text($0.name), complete: $0.complete) }
        }
        record.answerMarks = marks
    }

    private func redactBody(of record: inout StreamRecord) {
        guard var body = record.rawBody else { return }
        var reads = record.bodyCapture?.reads ?? []
        redact(&body, &reads)
        record.rawBody = body
        record.bodyCapture?.reads = reads
        if let end = record.bodyCapture?.end { record.bodyCapture?.end = end.redacted(by: self) }
    }

    /// A run without the secrets in what people wrote.
    func run(_ run: RunDescription) -> RunDescription {
        guard !forms.isEmpty else { return run }
        var run = run
        run.scenarioText = text(run.scenarioText)
        run.overrides = run.overrides.map(text)
        return run
    }

    package func text(_ text: String) -> String {
        // Most texts are single tokens, and there are many.
        guard text.utf8.count >= Self.leastRemainder else { return text }
        let original = Array(text.utf8)
        let redacted = bytes(original)
        return redacted == original ? text : String(decoding: redacted, as: UTF8.self)
    }

    private func value(_ value: JSONValue) -> JSONValue {
        switch value {
        case .string(let string): .string(text(string))
        case .array(let values): .array(values.map(self.value))
        case .object(let members): .object(members.map { JSONValue.Member(text($0.name), self.value($0.value)) })
        case .null, .bool, .integer, .number: value
        }
    }

    private func bytes(_ bytes: [UInt8]) -> [UInt8] {
        forms.reduce(bytes) { Self.masking(Self.places(of: $1, in: $0), in: $0) }
    }

    /// Redacts a body and moves the ends of its reads along; one inside a secret moves behind the mark.
    private func redact(_ body: inout [UInt8], _ reads: inout [BodyCapture.Read]) {
        for form in forms {
            let places = Self.places(of: form, in: body)
            guard !places.isEmpty else { continue }
            body = Self.masking(places, in: body)
            var passed = 0
            var growth = 0
            for index in reads.indices {
                while passed < places.count, places[passed].lowerBound < reads[index].end {
                    growth += Self.mark.count - places[passed].count
                    passed += 1
                }
                let inside = passed > 0 ? max(0, places[passed - 1].upperBound - reads[index].end) : 0
                reads[index].end += growth + inside
            }
        }
    }

    /// Where a form of a secret stands, and at the end of the bytes what is left of it where they were cut off.
    private static func places(of form: [UInt8], in bytes: [UInt8]) -> [Range<Int>] {
        var places: [Range<Int>] = []
        var position = 0
        while let found = offset(of: form, in: bytes, from: position) {
            position = found + form.count
            places.append(found..<position)
        }
        return places + remainder(of: form, in: bytes, from: position)
    }

    private static func masking(_ places: [Range<Int>], in bytes: [UInt8]) -> [UInt8] {
        guard !places.isEmpty else { return bytes }
        var output: [UInt8] = []
        var position = 0
        for place in places {
            output += bytes[position..<place.lowerBound] + mark
            position = place.upperBound
        }
        return output + bytes[position...]
    }

    private static func offset(of form: [UInt8], in bytes: [UInt8], from start: Int) -> Int? {
        bytes.withUnsafeBytes { text in
            guard let base = text.baseAddress, let first = form.first else { return nil }
            var position = start
            while position + form.count <= text.count,
                let candidate = memchr(base + position, Int32(first), text.count - form.count + 1 - position)
            {
                if memcmp(candidate, form, form.count) == 0 { return UnsafeRawPointer(candidate) - base }
                position = UnsafeRawPointer(candidate) - base + 1
            }
            return nil
        }
    }

    /// What is left of a secret where a text was cut off in the middle of it; empty where nothing is.
    private static func remainder(of form: [UInt8], in bytes: [UInt8], from start: Int) -> [Range<Int>] {
        let ellipsis = Array("…".utf8)
        let isMarked = bytes[start...].suffix(ellipsis.count).elementsEqual(ellipsis)
        let end = bytes.count - (isMarked ? ellipsis.count : 0)
        let lengths = stride(from: min(form.count - 1, end - start), through: leastRemainder, by: -1)
        let length = lengths.first { bytes[(end - $0)..<end].elementsEqual(form.prefix($0)) }
        return length.map { [(end - $0)..<end] } ?? []
    }

    /// A text as JSON writers write it that escape slashes.
    private static func slashed(_ text: String) -> String {
        text.split(separator: "/", omittingEmptySubsequences: false).joined(separator: "\\/")
    }

    private static func percentEncoded(_ secret: String, isUppercase: Bool) -> String {
        secret.utf8.map { byte -> String in
            let isUnreserved =
                UInt8(ascii: "0")...UInt8(ascii: "9") ~= byte || "-._~".utf8.contains(byte)
                || UInt8(ascii: "a")...UInt8(ascii: "z") ~= byte | 0x20
            if isUnreserved { return String(Unicode.Scalar(byte)) }
            let digits = String(byte, radix: 16, uppercase: isUppercase)
            return "%" + (digits.count == 1 ? "0" : "") + digits
        }.joined()
    }
}

extension TransportEnd {
    fileprivate func redacted(by redaction: Redaction) -> TransportEnd {
        switch self {
        case .connectFailed(let message): .connectFailed(message: redaction.text(message))
        case .tlsFailed(let message): .tlsFailed(message: redaction.text(message))
        case .cutShort(let message): .cutShort(message: redaction.text(message))
        case .malformedHTTP(let message): .malformedHTTP(message: redaction.text(message))
        case .broken(let message): .broken(message: redaction.text(message))
        case .clean, .tooLarge, .timedOut, .cancelled: self
        }
    }
}
