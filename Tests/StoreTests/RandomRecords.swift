import Timeline

/// Makes records in which every field takes ordinary and hostile values.
struct RandomRecords {
    private var generator: SeededGenerator
    private let texts = [
        "", "plain", "two\nlines", "\"quoted\" and 'quoted'", "back\\slash", "nul\u{0}inside", "\u{0}",
        "'; DROP TABLE runs;",
        "日本語 🎉 e\u{301}", "\u{fffd}", "\u{1}\u{1f}\u{7f}\u{85}\u{2028}", "null", "[1,2]",
    ]

    init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

    /// Makes a record of one of the targets; the instants have nothing to do with each other.
    mutating func record(requestIndex: Int, attempt: Int = 1, targets: [String]) -> StreamRecord {
        var record = StreamRecord(
            requestIndex: requestIndex, attempt: attempt, target: pick(targets), phase: pick(RequestPhase.allCases),
            promptID: text(), clientRequestID: text(), outputLength: outputLength(), planned: instant(),
            dispatched: maybe { $0.instant() }, sent: maybe { $0.instant() }, firstByte: maybe { $0.instant() },
            headersComplete: maybe { $0.instant() }, terminal: maybe { $0.instant() }, closed: maybe { $0.instant() })
        record.connection = ConnectionPhases(
            isNew: coin(), nameLookup: length(), connect: length(), tls: length(), remoteAddress: maybe { $0.text() })
        record.sendCount = integer()
        record.retryWait = maybe { RetryWait(length: $0.length(), due: $0.instant()) }
        record.rateLimits = maybe { $0.rateLimits() }
        record.upstreamProvider = maybe { $0.text() }
        record.httpStatus = maybe { $0.integer() }
        record.httpVersion = maybe { $0.text() }
        record.responseHeaders = many { HeaderField($0.text(), $0.text()) }
        record.readCount = integer()
        record.bytesReceived = integer()
        record.finishReason = maybe { $0.text() }
        record.usage = maybe { $0.usage() }
        record.servedModel = maybe { $0.text() }
        record.systemFingerprint = maybe { $0.text() }
        record.responseID = maybe { $0.text() }
        record.serverTimings = maybe { $0.timings() }
        record.outcome = StreamOutcome(
            pick(OutcomeClass.allCases), detail: maybe { $0.text() }, message: maybe { $0.text() })
        record.warnings = many { $0.text() }
        record.rawBody = maybe { random in random.many { UInt8(truncatingIfNeeded: $0.integer()) } }
        record.bodyCapture = maybe { $0.capture() }
        record.hasEveryEvent = coin()
        record.pairIndex = maybe { $0.integer() }
        record.events = many { $0.event() }
        record.answerMarks = maybe { random in
            AnswerMarks(
                reading: random.maybe { $0.reading() }, toolCalls: random.maybe { $0.many { $0.call() } },
                structure: random.maybe { $0.structure() })
        }
        let hints = ReconnectionHints(lastEventID: maybe { $0.text() }, retry: maybe { $0.length() })
        record.reconnection = hints == ReconnectionHints() ? nil : hints
        record.counted = maybe { CountedTokens(input: $0.integer(), output: $0.integer()) }
        record.breaks = many { random in
            StreamBreak(
                lastEventID: random.text(), broken: random.instant(), sent: random.maybe { $0.instant() },
                resumed: random.maybe { $0.instant() }, status: random.maybe { $0.integer() },
                repeated: random.integer())
        }
        record.cancellation = maybe { random in
            Cancellation(instant: random.instant(), aftermath: random.maybe { $0.aftermath() })
        }
        return record
    }

    private mutating func reading() -> AnswerMarks.Reading {
        AnswerMarks.Reading(
            firstSentence: maybe { $0.integer() }, wordCount: integer(), firstWords: maybe { $0.integer() })
    }

    private mutating func call() -> AnswerMarks.ToolCall {
        AnswerMarks.ToolCall(
            name: text(), start: integer(), named: maybe { $0.integer() }, complete: maybe { $0.integer() })
    }

    private mutating func structure() -> AnswerMarks.Structure {
        AnswerMarks.Structure(
            fields: many { AnswerMarks.Field(name: $0.text(), complete: $0.integer()) }, valid: maybe { $0.integer() })
    }

    private mutating func aftermath() -> ServerAftermath {
        ServerAftermath(noticed: instant(), stopped: instant(), tokens: integer())
    }

    private mutating func capture() -> BodyCapture {
        let ends: [TransportEnd] = [
            .clean, .connectFailed(message: text()), .tlsFailed(message: text()), .cutShort(message: text()),
            .malformedHTTP(message: text()), .broken(message: text()), .tooLarge(limit: integer()),
            .timedOut(pick(TransportEnd.TimeoutKind.allCases)), .cancelled,
        ]
        return BodyCapture(
            reads: many {
                BodyCapture.Read(
                    end: $0.integer(), arrival: $0.instant(), reading: $0.instant(), lateBound: $0.length())
            }, end: pick(ends), expectsStream: coin(), keepsText: coin())
    }

    private mutating func event() -> StreamEvent {
        StreamEvent(
            index: integer(), readIndex: integer(), arrival: instant(), reading: instant(), lateBound: length(),
            kind: pick(StreamEvent.Kind.allCases), tokens: maybe { $0.integer() }, characters: integer(),
            contentBytes: integer(), wireBytes: integer(), choice: integer(), text: maybe { $0.text() })
    }

    private mutating func usage() -> TokenUsage {
        TokenUsage(
            input: maybe { $0.integer() }, output: maybe { $0.integer() }, reasoning: maybe { $0.integer() },
            cached: maybe { $0.integer() })
    }

    private mutating func rateLimits() -> RateLimits {
        RateLimits(
            retryAfter: maybe { $0.length() }, shouldRetry: maybe { $0.coin() },
            allowances: many { random in
                RateLimits.Allowance(
                    name: random.text(), limit: random.maybe { $0.integer() }, remaining: random.maybe { $0.integer() },
                    reset: random.maybe { $0.length() })
            })
    }

    private mutating func timings() -> JSONValue {
        [
            "total": .number(generator.unitInterval() * 1e-9), "whole": .number(3), "n": .integer(integer()),
            "name": .string(text()), "none": nil, "list": [true, .number(1e300), .string(text())],
        ]
    }

    private mutating func outputLength() -> OutputLength? {
        switch generator.next() % 3 {
        case 0: nil
        case 1: .atMost(integer())
        default: .exactly(integer())
        }
    }

    private mutating func coin() -> Bool { generator.next() % 2 == 0 }

    private mutating func maybe<Value>(_ make: (inout Self) -> Value) -> Value? { coin() ? make(&self) : nil }

    private mutating func many<Value>(_ make: (inout Self) -> Value) -> [Value] {
        (0..<generator.next() % 6).map { _ in make(&self) }
    }

    private mutating func pick<Value>(_ values: [Value]) -> Value {
        values[Int(generator.next() % UInt64(values.count))]
    }

    private mutating func text() -> String { pick(texts) }

    private mutating func integer() -> Int {
        pick([0, 1, -1, 9, 10, 200, Int.max, Int.min, Int(truncatingIfNeeded: generator.next())])
    }

    private mutating func instant() -> Instant { Instant(nanoseconds: Int64(integer())) }

    private mutating func length() -> Nanoseconds { Nanoseconds(Int64(integer())) }
}
