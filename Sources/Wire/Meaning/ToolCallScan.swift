import Timeline

/// Finds the calls of an answer's tools in its events: a name, then arguments as one JSON text.
///
/// Where the API numbers calls their pieces may come in any order; otherwise one follows the other, and begins with its name.
struct ToolCallScan {
    private struct Call {
        var index: Int?
        var mark: AnswerMarks.ToolCall
        var arguments: JSONProgress?

        mutating func takeName(_ text: String, of event: Int) {
            // A name that comes again with the arguments is the same name.
            guard arguments == nil else { return }
            mark.name += text
            mark.named = event
        }

        mutating func takeArguments(_ text: String, of event: Int) {
            guard mark.complete == nil else { return }
            var progress = arguments ?? JSONProgress()
            if text.utf8.contains(where: { progress.take($0).contains(.text) }) { mark.complete = event }
            arguments = progress
        }
    }

    private var calls: [Call] = []
    /// Beyond so many, calls are not listed: no agent waits for more.
    private static let limit = 64

    /// Takes the pieces of calls in the event at a position.
    mutating func take(_ pieces: [ToolCallPiece], of event: Int) {
        for piece in pieces {
            guard let place = place(of: piece, in: event) else { continue }
            if let name = piece.name { calls[place].takeName(name, of: event) }
            if let arguments = piece.arguments { calls[place].takeArguments(arguments, of: event) }
        }
    }

    /// Where the call of a piece stands in the list; nil where that is full.
    ///
    /// A name after whole arguments begins another call whatever its number, for some servers number each call 0.
    private mutating func place(of piece: ToolCallPiece, in event: Int) -> Int? {
        let known = piece.index == nil ? calls.indices.last : calls.lastIndex { $0.index == piece.index }
        if let known, piece.name == nil || (piece.index != nil && calls[known].mark.complete == nil) { return known }
        guard calls.count < Self.limit else { return nil }
        calls.append(Call(index: piece.index, mark: AnswerMarks.ToolCall(name: "", start: event)))
        return calls.count - 1
    }

    /// The calls; in a complete answer one without arguments is complete with its name, for there are tools that take none.
    func finished(isComplete: Bool) -> [AnswerMarks.ToolCall] {
        calls.map { call in
            var mark = call.mark
            if isComplete, mark.complete == nil, call.arguments == nil { mark.complete = mark.named }
            return mark
        }
    }
}
