import Timeline

/// Finds the calls of an answer's tools in its events: a name, then arguments as one JSON text.
///
/// Chat APIs number the calls, so that their pieces may come in any order. All others send one call after the other, its name
/// before its arguments, and their calls are told apart by the text alone.
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

        mutating func takeArguments(_ byte: UInt8, of event: Int) {
            guard mark.complete == nil else { return }
            var progress = arguments ?? JSONProgress()
            if progress.take(byte).contains(.text) { mark.complete = event }
            arguments = progress
        }
    }

    private var calls: [Call] = []
    /// The latest call's name, which may be split within a character.
    private var nameBytes: [UInt8] = []
    /// Beyond so many, calls are not listed: no agent waits for more.
    private static let limit = 64

    /// Takes the tool event at a position.
    mutating func take(_ event: DecodedEvent, at position: Int) {
        guard event.callPieces.isEmpty else { return event.callPieces.forEach { take($0, of: position) } }
        for byte in (event.text ?? "").utf8 { take(byte, of: position) }
    }

    private mutating func take(_ piece: ToolCallPiece, of event: Int) {
        guard let place = place(of: piece, in: event) else { return }
        if let name = piece.name { calls[place].takeName(name, of: event) }
        for byte in (piece.arguments ?? "").utf8 { calls[place].takeArguments(byte, of: event) }
    }

    /// Where the call of a piece stands in the list; nil where that is full.
    ///
    /// A name after whole arguments begins another call
    /// whatever its number, for some servers number each call 0.
    private mutating func place(of piece: ToolCallPiece, in event: Int) -> Int? {
        let known = piece.index == nil ? calls.indices.last : calls.lastIndex { $0.index == piece.index }
        if let known, piece.name == nil || (piece.index != nil && calls[known].mark.complete == nil) { return known }
        return begin(piece.index, in: event)
    }

    private mutating func begin(_ index: Int?, in event: Int) -> Int? {
        guard calls.count < Self.limit else { return nil }
        calls.append(Call(index: index, mark: AnswerMarks.ToolCall(name: "", start: event)))
        return calls.count - 1
    }

    /// Takes a byte where nothing but the text tells calls apart.
    private mutating func take(_ byte: UInt8, of event: Int) {
        if let last = calls.indices.last, calls[last].mark.complete == nil {
            if calls[last].arguments != nil || byte == UInt8(ascii: "{") {
                calls[last].takeArguments(byte, of: event)
            } else {
                takeNameByte(byte, of: event)
            }
        } else if !Self.isSpace(byte), begin(nil, in: event) != nil {
            takeNameByte(byte, of: event)
        }
    }

    private mutating func takeNameByte(_ byte: UInt8, of event: Int) {
        guard let last = calls.indices.last else { return }
        if calls[last].mark.named == nil { nameBytes = [] }
        nameBytes.append(byte)
        calls[last].mark.name = String(decoding: nameBytes, as: UTF8.self)
        calls[last].mark.named = event
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0a || byte == 0x0d || byte == 0x09 }

    /// The calls; in a complete answer one without arguments is complete with its name, for there are tools that take none.
    func finished(isComplete: Bool) -> [AnswerMarks.ToolCall] {
        calls.map { call in
            var mark = call.mark
            if isComplete, mark.complete == nil, call.arguments == nil { mark.complete = mark.named }
            return mark
        }
    }
}
