package import Timeline

extension BytePairTokenizer {
    /// The tokens of all content of a stream whose events carry their text; each kind of each answer is a text of its own.
    package func count(of stream: DecodedStream) -> Int {
        struct Part: Hashable {
            var choice: Int
            var kind: StreamEvent.Kind
        }
        var texts: [Part: String] = [:]
        for event in stream.events where event.kind.isContent {
            texts[Part(choice: event.choice, kind: event.kind), default: ""] += event.text ?? ""
        }
        return texts.values.reduce(0) { $0 + count($1) }
    }

    /// The tokens of a prompt's texts.
    package func count(of prompt: Prompt) -> Int { prompt.messages.reduce(0) { $0 + count($1.content) } }
}
