extension Fault {
    /// Whether the fault strikes in the middle of a stream, in place of its next event or before it.
    var comesHalfWay: Bool {
        switch self {
        case .truncated, .truncatedMidJSON, .reset, .errorEvent, .errorThenDone, .stall, .invalidJSON, .gzipTruncated,
            .truncatedInChunk, .truncatedWithLength, .shortBody, .badChunkSize, .chunkSizeOverflow,
            .chunkWithoutLineEnd, .stallWithComments, .bareJSONError, .oddChoices, .unknownEvent, .oddJSON, .deepJSON,
            .hugeEvent, .badChecksum, .badFrameLength:
            true
        default: false
        }
    }

    /// Whether the fault changes the tokens of an event half-way.
    var altersText: Bool { self == .invalidUTF8 || self == .nulInText || self == .splitSurrogates }

    /// Whether an API's streams have a place where the fault can strike.
    func hasPlace(in interface: any Interface, _ writer: any AnswerWriter) -> Bool {
        let isText = interface.framing != .amazonEventStream
        switch self {
        case .commentsForever, .stallWithComments, .byteOrderMark, .carriageReturn, .bareJSONError:
            return interface.framing.isServerSentEvents
        case .carriageReturnLineFeed: return isText
        case .badChecksum, .badFrameLength: return !isText
        case .doneTwice, .doneWithoutBlankLine: return !writer.terminal.isEmpty
        case .finishTwice, .contentAfterFinish: return !writer.finishesWithContent
        case .usageBeforeFinish, .usageTwice: return !writer.finishesWithContent
        case .twoChoices: return Self.withChoices.contains(interface.name) || interface.name == "gemini"
        case .oddChoices: return Self.withChoices.contains(interface.name)
        default: return true
        }
    }

    private static let withChoices = ["openai-chat", "openai-completions", "azure-openai", "mistral"]
}

extension AnswerPlan {
    /// Takes over what a fault changes in what an answer reports.
    mutating func apply(_ fault: Fault?) {
        switch fault {
        case .noUsage: usage = nil
        case .usageZero: usage?.completion = 0
        case .usageWrong: usage?.completion = tokens * 2 + 1
        case .noFinish: reportsReason = false
        case .noDone: reportsEnd = false
        default: break
        }
        if fault == .usageZero { usage?.reasoning = 0 }
    }
}
