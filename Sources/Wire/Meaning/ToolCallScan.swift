import Timeline

/// Finds the calls in the text of an answer's tool events: a name, then arguments as one JSON object, call after call.
///
/// All APIs send a call's name before its arguments, and one call after the other; what differs is in how many events. Where a
/// server lets calls overlap, only the first of them is told apart.
struct ToolCallScan {
    private var calls: [AnswerMarks.ToolCall] = []
    private var name: [UInt8] = []
    private var arguments: JSONProgress?
    /// Beyond so many, calls are not listed: no agent waits for more.
    private static let limit = 64

    /// Takes the text of the tool event at a position.
    mutating func take(_ text: String, of event: Int) {
        for byte in text.utf8 {
            if arguments != nil {
                takeArgument(byte, of: event)
            } else if byte == UInt8(ascii: "{"), !calls.isEmpty || !name.isEmpty {
                arguments = JSONProgress()
                takeArgument(byte, of: event)
            } else {
                takeName(byte, of: event)
            }
        }
    }

    private mutating func takeName(_ byte: UInt8, of event: Int) {
        if name.isEmpty {
            guard calls.count < Self.limit else { return }
            calls.append(AnswerMarks.ToolCall(name: "", start: event))
        }
        name.append(byte)
        calls[calls.count - 1].named = event
        calls[calls.count - 1].name = String(decoding: name, as: UTF8.self)
    }

    private mutating func takeArgument(_ byte: UInt8, of event: Int) {
        guard let isComplete = arguments?.take(byte).contains(.text), isComplete else { return }
        calls[calls.count - 1].complete = event
        arguments = nil
        name = []
    }

    /// The calls; in a complete answer one without arguments is complete with its name, for there are tools that take none.
    func finished(isComplete: Bool) -> [AnswerMarks.ToolCall] {
        guard isComplete, arguments == nil, var last = calls.last, last.complete == nil else { return calls }
        last.complete = last.named
        return calls.dropLast() + [last]
    }
}
