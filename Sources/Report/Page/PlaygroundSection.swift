import Metrics
import Timeline

/// Recorded streams, to be watched side by side: the page's program builds the panes from the data beside them.
struct PlaygroundSection {
    let series: [Series]
    /// The targets that differ most: those stand in the first two panes.
    let first: [Int]

    /// All chunks of a page, shared out to its streams.
    private static let chunkBudget = 40_000
    /// The text that a page keeps of one stream, in bytes of UTF-8.
    private static let textLimit = 16_000

    var markup: Markup {
        var markup = Markup()
        guard series.contains(where: { !$0.picture.streams.isEmpty }) else { return markup }
        markup.element("section", ["id": "playground", "aria-labelledby": "playground-h"]) { markup in
            markup.element("h2", ["id": "playground-h"], text: "Playground: watch them stream")
            markup.element(
                "p",
                text:
                    "Recorded streams at their recorded pace, with every stall and every burst. Text is shown where the run "
                    + "stored it, else a block per token; the shade follows somebody who reads along. Thoughts are in italics. The last pane gets the same answer "
                    + "without streaming: nothing, and then everything.")
            markup.element(
                "p", ["class": "without-script"],
                text: "Replaying needs JavaScript; the charts below show the same streams without it.")
            markup.element("div", ["id": "player"])
        }
        markup.newLine()
        markup.element("script", ["type": "application/json", "id": "streams"]) {
            $0.appendRaw(EmbeddedJSON.text(data))
        }
        markup.newLine()
        return markup
    }

    var data: JSONValue {
        let count = series.reduce(0) { $0 + $1.picture.streams.count }
        let limit = max(200, Self.chunkBudget / max(1, count))
        return [
            "readingPace": .number(StreamMetrics.readingPace), "first": .array(first.map(JSONValue.integer)),
            "series": .array(
                series.map { one in
                    [
                        "label": .string(one.label), "style": .string(one.style.colorClass),
                        "streams": .array(one.picture.streams.map { Self.value($0, chunkLimit: limit) }),
                    ]
                }),
        ]
    }

    /// Times are microseconds, the instants of chunks each counted from the one before.
    private static func value(_ stream: StreamPicture, chunkLimit: Int) -> JSONValue {
        let shown = stream.chunks.prefix(chunkLimit)
        var before = 0
        var room = textLimit
        var deltas: [JSONValue] = []
        var texts: [JSONValue] = []
        for chunk in shown {
            let instant = microseconds(chunk.offset)
            deltas.append(.integer(instant - before))
            before = instant
            let text = chunk.text.map { cut($0, to: &room) }
            texts.append(text.map { .string($0) } ?? .null)
        }
        return [
            "name": .string(WaterfallChart.name(of: stream)), "request": .integer(stream.key.requestIndex),
            "outcome": .string(stream.outcome.outcomeClass.rawValue), "complete": .bool(stream.outcome.isComplete),
            "ttft": stream.timeToFirstToken.map { .integer(microseconds($0)) } ?? .null,
            "end": .integer(microseconds(stream.end)),
            "stalls": .array(
                stream.stalls.map { [.integer(microseconds($0.lowerBound)), .integer(microseconds($0.upperBound))] }),
            "cut": .bool(shown.count < stream.chunks.count || room <= 0), "deltas": .array(deltas),
            "tokens": .array(shown.map { .integer($0.tokens) }),
            "kinds": .string(String(shown.map { $0.kind == .reasoning ? "r" : "t" })), "texts": .array(texts),
        ]
    }

    private static func microseconds(_ milliseconds: Double) -> Int { Int((milliseconds * 1000).rounded()) }

    /// The beginning of a text that still has room, cut between characters.
    private static func cut(_ text: String, to room: inout Int) -> String {
        guard room > 0 else { return "" }
        let size = text.utf8.count
        defer { room -= size }
        guard size > room else { return text }
        var kept = ""
        var left = room
        for character in text {
            left -= character.utf8.count
            if left < 0 { break }
            kept.append(character)
        }
        return kept + "\u{2026}"
    }
}
