import ArgumentParser
import Timeline
import Wire

/// `ttft decode`: what a captured response says, event by event.
struct DecodeCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "decode", abstract: "Decode a captured response: a JSON line per event, then one for the outcome.",
        discussion: """
            The file holds a response's body, or its status line, headers, a blank line and the body, as \
            'curl --no-buffer --include' prints them. APIs: \(Dialects.names.joined(separator: ", ")); \
            sse prints bare server-sent events and judges nothing.
            """)

    @Argument(help: ArgumentHelp("The captured response; - is standard input.", valueName: "file"))
    var file: String

    @Option(help: ArgumentHelp("The API that was asked, or sse.", valueName: "name"))
    var api: String

    @Option(
        help: ArgumentHelp(
            "Where reads of the body end, such as 10,25,400: bytes from its start.", valueName: "offsets"))
    var reads: String?

    @Option(help: ArgumentHelp("The HTTP status (default: the capture's, else 200).", valueName: "number"))
    var status: Int?

    @Flag(help: "The request asked for one JSON answer, not for a stream.")
    var noStream = false

    /// What `--api` names in place of an API.
    private static let bareEvents = "sse"

    func run() throws {
        try Failure.reporting {
            let dialect = Dialects.named(api)
            guard dialect != nil || api == Self.bareEvents else {
                let names = (Dialects.names + [Self.bareEvents]).joined(separator: ", ")
                throw Complaint("--api: no API is called '\(api)'; there are \(names)", .validationFailure)
            }
            if let status, !(100...999).contains(status) {
                throw Complaint("--status: \(status) is no HTTP status; write for example 429", .validationFailure)
            }
            // Told before the file is read, since they are wrong for every file.
            let offsets = try cuts()
            let response = try response()
            let pieces = try Pieces(of: response.body, endingAt: offsets)
            guard let dialect else { return Output.result(try bareEvents(in: pieces)) }
            Output.result(DecodedLines(decoded(response, pieces, as: dialect)).text)
        }
    }

    private func response() throws -> CapturedResponse {
        let bytes = try InputFile.bytes(of: file)
        do {
            if file.lowercased().hasSuffix(".http") || CapturedResponse.hasHead(bytes) {
                return try CapturedResponse(bytes)
            }
            if api != Self.bareEvents { return try CapturedResponse(body: bytes) }
            return CapturedResponse(bareBody: bytes)
        } catch {
            throw Complaint("\(file):\(error)", ExitStatus.malformedInput)
        }
    }

    private func cuts() throws -> [Int] {
        guard let reads else { return [] }
        let offsets = try reads.split(separator: ",", omittingEmptySubsequences: false).map { text in
            guard let offset = Int(text), offset >= 0 else {
                throw Complaint(
                    "--reads: '\(text)' is no offset; write rising numbers such as 10,25,400", .validationFailure)
            }
            return offset
        }
        for (earlier, later) in zip(offsets, offsets.dropFirst()) where later <= earlier {
            throw Complaint("--reads: \(later) comes after \(earlier); offsets must rise", .validationFailure)
        }
        return offsets
    }

    private func decoded(
        _ response: CapturedResponse, _ pieces: Pieces, as dialect: any Dialect
    ) -> DecodedStream {
        let type = noStream ? "application/json" : dialect.framing.contentType
        let headers = response.status == nil ? [HeaderField("Content-Type", type)] : response.headers
        var decoder = StreamDecoder(
            dialect: dialect, status: status ?? response.status ?? 200, headers: headers, expectsStream: !noStream,
            keepsText: true)
        pieces.forEach { decoder.receive($0, readIndex: $1) }
        return decoder.finish(response.end)
    }

    private func bareEvents(in pieces: Pieces) throws -> String {
        var decoder = SSEDecoder()
        var lines = ""
        pieces.forEach { bytes, _ in
            decoder.receive(bytes, into: &lines) { item, lines in
                if case .event(let event) = item { lines += DecodedLines.line(of: event) }
            }
        }
        if case .eventTooLarge(let limit) = decoder.failure {
            throw Complaint("\(file): an event has more than \(limit) bytes", ExitStatus.malformedInput)
        }
        return lines
    }
}

/// A body divided into reads.
private struct Pieces {
    let body: [UInt8]
    let ends: [Int]

    init(of body: [UInt8], endingAt offsets: [Int]) throws {
        if let last = offsets.last, last > body.count {
            throw Complaint("--reads: \(last) is beyond the body, which has \(body.count) bytes", .validationFailure)
        }
        self.body = body
        ends = offsets.last == body.count ? offsets : offsets + [body.count]
    }

    func forEach(_ take: (_ bytes: UnsafeRawBufferPointer, _ readIndex: Int) -> Void) {
        body.withUnsafeBytes { bytes in
            var start = 0
            for (index, end) in ends.enumerated() {
                take(UnsafeRawBufferPointer(rebasing: bytes[start..<end]), index)
                start = end
            }
        }
    }
}
